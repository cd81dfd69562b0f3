"""A pretended clinic program: a patient shows a policy card, the reception finds the patient."""
