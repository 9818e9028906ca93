"""What the incidents service answers."""
