"""What a newcomer starts from: templates, a workbook to fill in, the notes beside it."""
