"""What another scheme would have paid over past months. Start at `sides`; nothing here is a payroll."""
