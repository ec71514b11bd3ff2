"""The people of a month: the Employees sheet, days of employment, several rows of one person, changes."""
