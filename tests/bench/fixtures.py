"""The fixed replies of the bench server, and the request of the clients that send fixed bytes."""

import subprocess

CM = "https://bingads.microsoft.com/Customer/v11"
ENT = CM + "/Entities"
EXC = CM + "/Exception"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
TRACKING_ID = "6f0e4b2a-6c0f-4a57-8f5e-0d9c3b1a2e4d"

# The same texts as in meter.h.
DEVELOPER_TOKEN = "DEVELOPERTOKEN01"
ACCESS_TOKEN = "EwBwA8l6BAAUkj1NuJYtTVha4Mogk+HEiPbQo04AAc0FfBx8uNMHNsGMWYjXRnLq"
MANAGING_CUSTOMER = 2002002
FIRST_ACCOUNT = 1000001
PAGE_SIZE = 1000
PAGES = 100
LINK_TEXTS = (("Note", "Please accept by Friday"), ("Name", "Spring campaign"),
              ("InviterEmail", "agency@example.com"), ("InviterName", "Example Agency"),
              ("InviterPhone", "555-0100"), ("IsBillToClient", "true"),
              ("StartDate", "2018-06-01T00:00:00"), ("SuppressNotification", "false"))


def element(name, content):
    return f"<{name}>{content}</{name}>"


def reply(body):
    """An envelope in the form that WCF gives it."""
    return (f'<s:Envelope xmlns:s="{SOAP}"><s:Header><h:TrackingId xmlns:h="{CM}" xmlns="{CM}">'
            f"{TRACKING_ID}</h:TrackingId></s:Header><s:Body>{body}</s:Body></s:Envelope>")


def add_reply(links, refused=()):
    """One entry a link; the links in refused have an error."""
    error = ("<a:OperationError><a:Code>1410</a:Code><a:Details i:nil=\"true\"/><a:Message>The "
             "client account has been invited before.</a:Message></a:OperationError>")
    entries = "".join(
        element("a:ArrayOfOperationError", error) if i in refused
        else '<a:ArrayOfOperationError i:nil="true"/>' for i in range(links))
    return reply(f'<AddClientLinksResponse xmlns="{CM}" xmlns:i="{XSI}"><OperationErrors i:nil="true"'
                 f' xmlns:a="{EXC}"/><PartialErrors xmlns:a="{EXC}">{entries}</PartialErrors>'
                 "</AddClientLinksResponse>")


def user_reply():
    return reply(
        f'<GetUserResponse xmlns="{CM}" xmlns:i="{XSI}"><User xmlns:a="{ENT}"><a:ContactInfo>'
        f"<a:Email>admin@example.com</a:Email></a:ContactInfo>"
        f"<a:CustomerId>{MANAGING_CUSTOMER}</a:CustomerId><a:Id>7</a:Id><a:JobTitle i:nil=\"true\"/>"
        "<a:UserLifeCycleStatus>Active</a:UserLifeCycleStatus><a:UserName>admin</a:UserName></User>"
        f'<Roles xmlns:b="{ARRAYS}"><b:int>41</b:int></Roles><Accounts xmlns:b="{ARRAYS}"/>'
        f'<Customers xmlns:b="{ARRAYS}"><b:long>{MANAGING_CUSTOMER}</b:long></Customers>'
        "</GetUserResponse>")


def found_link(i):
    texts = dict(LINK_TEXTS)
    fields = [("ClientAccountId", FIRST_ACCOUNT + i), ("ClientAccountNumber", f"X{i:07d}"),
              ("ManagingCustomerId", MANAGING_CUSTOMER), ("ManagingCustomerNumber", "C2002002")]
    fields += [(name, texts[name]) for name in ("Note", "Name", "InviterEmail", "InviterName",
                                                "InviterPhone", "IsBillToClient", "StartDate")]
    fields += [("Status", "LinkPending"), ("SuppressNotification", "false"),
               ("LastModifiedDateTime", "2018-05-30T12:34:56.789"), ("LastModifiedByUserId", 7),
               ("Timestamp", "AAAAAAAB9qM=")]
    return element("e:ClientLink", "".join(element("e:" + name, text) for name, text in fields))


def search_reply(links, first=0):
    found = "".join(found_link(first + i) for i in range(links))
    return reply(f'<SearchClientLinksResponse xmlns="{CM}"><ClientLinks xmlns:e="{ENT}" '
                 f'xmlns:i="{XSI}">{found}</ClientLinks></SearchClientLinksResponse>')


def add_request(links):
    sent = "".join(
        element("e:ClientLink",
                element("e:ClientAccountId", FIRST_ACCOUNT + i)
                + element("e:ManagingCustomerId", MANAGING_CUSTOMER)
                + "".join(element("e:" + name, text) for name, text in LINK_TEXTS))
        for i in range(links))
    return (f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP}" xmlns:e="{ENT}" '
            f'xmlns:c="{CM}"><s:Header><c:Action mustUnderstand="1">AddClientLinks</c:Action>'
            f"<c:AuthenticationToken>{ACCESS_TOKEN}</c:AuthenticationToken>"
            f"<c:DeveloperToken>{DEVELOPER_TOKEN}</c:DeveloperToken></s:Header><s:Body>"
            f"<c:AddClientLinksRequest><c:ClientLinks>{sent}</c:ClientLinks>"
            "</c:AddClientLinksRequest></s:Body></s:Envelope>")


def write_replies(folder):
    """One folder a case; the last part of a client's address names it."""
    last_page = PAGE_SIZE - 1
    cases = {
        "1": {"AddClientLinks": add_reply(1)},
        "10": {"AddClientLinks": add_reply(10), "SearchClientLinks": search_reply(10)},
        "10refused": {"AddClientLinks": add_reply(10, refused=(3,))},
        "1000": {"SearchClientLinks": search_reply(PAGE_SIZE)},
        "pages": {"SearchClientLinks": search_reply(PAGE_SIZE),
                  "SearchClientLinks.odd": search_reply(PAGE_SIZE, first=PAGE_SIZE),
                  "SearchClientLinks.last": search_reply(last_page)},
    }
    for case, replies in cases.items():
        place = folder / "replies" / case
        place.mkdir(parents=True, exist_ok=True)
        for name, text in dict(replies, GetUser=user_reply()).items():
            (place / f"{name}.xml").write_text(text, encoding="utf-8")
    for links in (1, 10):
        (folder / f"request-{links}.xml").write_text(add_request(links), encoding="utf-8")
    return folder / "replies"


def make_certificate(folder):
    """A certificate for localhost that is its own authority, good for a day."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out",
         str(certificate)], check=True, capture_output=True)
    return certificate, key


def write_accounts(path, rows):
    """The input of bacm add."""
    tail = ",".join(text for _, text in LINK_TEXTS)
    head = ",".join(name for name, _ in LINK_TEXTS)
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"ClientAccountId,ManagingCustomerId,{head}\n")
        for i in range(rows):
            out.write(f"{FIRST_ACCOUNT + i},{MANAGING_CUSTOMER},{tail}\n")
