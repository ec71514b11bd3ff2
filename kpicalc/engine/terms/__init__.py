"""What components are composed of: tiers, steps, payouts, levels, time worked, personal rates."""
