"""What the reader of C and C++ is made of: one file a tool, and one for the words of CMake."""
