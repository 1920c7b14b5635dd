"""What conflicts: solved before, settled by the policy, or opened for a human."""
