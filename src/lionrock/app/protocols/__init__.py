"""One file for each foreign standard that Lionrock speaks."""
