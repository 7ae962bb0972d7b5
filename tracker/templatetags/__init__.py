"""What templates of the tracker may ask for."""
