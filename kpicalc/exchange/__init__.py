"""Files for 1C and banks and the answers of banks: how a file is checked, written, proved and released."""
