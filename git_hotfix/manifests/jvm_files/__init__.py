"""What the reader of the Java virtual machine's languages is made of: one file a build tool."""
