"""Where things are: the roads as one network, and what stands on them."""
