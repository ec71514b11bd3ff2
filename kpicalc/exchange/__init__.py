"""Files for 1C and banks and the answers of banks: what a target needs, how a file is written, proved, released."""
