"""What other results would pay: the next step, pay that is not known yet, a month at plan."""
