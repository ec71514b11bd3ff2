"""What one person and the head see: statements of pay and pages of progress."""
