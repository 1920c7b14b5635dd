"""What the Nix reader is made of."""
