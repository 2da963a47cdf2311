"""What a commit check finds wrong, a part of the hierarchy each."""
