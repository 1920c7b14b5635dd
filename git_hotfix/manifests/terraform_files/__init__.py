"""What the Terraform reader is made of: addresses, and the files that hold them."""
