"""AddClientLinks with suds. It has no keep-alive: each call is a new connection."""

import ssl
import sys
import urllib.request
from pathlib import Path

from suds.client import Client
from suds.sax.element import Element
from suds.transport.http import HttpTransport

import peer
from fixtures import ACCESS_TOKEN, CM, DEVELOPER_TOKEN, ENT


class VerifyingTransport(HttpTransport):
    """The stock transport with a private authority."""

    def __init__(self, ca_file):
        super().__init__()
        self.context = ssl.create_default_context(cafile=ca_file)

    def u2handlers(self):
        return [*super().u2handlers(), urllib.request.HTTPSHandler(context=self.context)]


job = peer.Job(sys.argv[1:])
client = Client(Path(job.wsdl).resolve().as_uri(), location=job.url, cache=None,
                transport=VerifyingTransport(job.ca_file))
header = []
for name, value in (("AuthenticationToken", ACCESS_TOKEN), ("DeveloperToken", DEVELOPER_TOKEN)):
    header.append(Element(name, ns=("cm", CM)).setText(value))
client.set_options(soapheaders=header)


def make_link(values):
    link = client.factory.create(f"{{{ENT}}}ClientLink")
    for name, value in values.items():
        setattr(link, name, value)
    return link


array = client.factory.create(f"{{{ENT}}}ArrayOfClientLink")
array.ClientLink = [make_link(values) for values in job.client_links()]


def call():
    response = client.service.AddClientLinks(ClientLinks=array)
    return len(response.PartialErrors.ArrayOfOperationError)


# suds drops the first nil entry of an array.
peer.measure(job, call, {job.links, job.links - 1})
