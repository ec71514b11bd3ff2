"""What another scheme would have paid over months that are past. Start at `sides`; nothing here is a payroll."""
