"""Reads a service contract into its model (contract_model).

What the model does not know is an error and not silently left out.
"""

from __future__ import annotations

import re

from contract_binding import OperationReader
from contract_model import (  # noqa: F401  for those who load a contract
    ComplexType,
    Contract,
    Field,
    SimpleType,
    all_fields,
)
from contract_schema import SchemaReader
from wsdl_document import flatten

WSDL_NAME = "CustomerManagementService.wsdl"
SERVICE_NAME = "CustomerManagementService"


def snake_case(name):
    """An operation's name within a C function's: GetUserMFAStatus -> get_user_mfa_status."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def load(source):
    """Reads a contract from a file or an address; raises ContractError."""
    location, data, document = flatten(source)
    root = document.documentElement
    contract = Contract(
        location, data, document, "", "", "", "", "", root.getAttribute("targetNamespace")
    )
    SchemaReader(contract).read(root)
    OperationReader(contract).read(root)
    return contract
