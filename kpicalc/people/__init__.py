"""What employees and their head see: statements of pay and pages of progress."""
