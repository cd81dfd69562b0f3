"""What is stored, as frozen values: no SQL here, so that any room above may name them.

Texts are as given; states are the values of the domain's enumerations; times are aware and UTC.
"""
