"""What a reviewer does, without any web: the queue, deciding again with a person's values fixed, actions that can be undone, drafts."""
