"""Says what is wrong with commands of the AWS CLI, by the service models that it is made from.

Reads [[service, operation, options]] as JSON, and prints a line for each problem."""

import json
import sys

import botocore.session
from botocore import xform_name

session = botocore.session.get_session()

for service, operation, options in json.load(sys.stdin):
    command = f"aws {service} {operation}"
    if service not in session.get_available_services():
        print(f"{command}: there is no service {service}")
        continue
    model = session.get_service_model(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in operations:
        print(f"{command}: there is no such operation")
        continue
    shape = model.operation_model(operations[operation]).input_shape
    members = {xform_name(name, "-"): member for name, member in shape.members.items()} if shape else {}
    known = set(members) | {f"no-{name}" for name, member in members.items() if member.type_name == "boolean"}
    for option in options:
        if option not in known:
            print(f"{command}: there is no option --{option}")
    for name in shape.required_members if shape else []:
        if xform_name(name, "-") not in options:
            print(f"{command}: --{xform_name(name, '-')} is missing")
