"""Discovery, checks, wiring, command line, jobs and web: where the house meets the world."""
