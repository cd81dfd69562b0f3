from tests.pcsc_stack import pcsc_namespace, pcscd

__all__ = ["pcsc_namespace", "pcscd"]
