"""Trade and companies."""
