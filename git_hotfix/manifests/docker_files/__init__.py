"""What the Docker reader is made of: images, Dockerfiles, what their shell commands install, and compose files."""
