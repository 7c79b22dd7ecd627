"""The checker itself: it must see each kind of mistake."""

import unittest

import schema
from harness import SOAP, V11, XSI


def reply(body):
    return (f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{body}</s:Body></s:Envelope>').encode()


def account(fields, attributes=""):
    return reply(f'<GetAccountResponse xmlns="{V11.cm}" xmlns:i="{XSI}"><Account xmlns:a="{V11.ent}"'
                 f"{attributes}>{fields}</Account></GetAccountResponse>")


class Checker(unittest.TestCase):
    def test_good_ones(self):
        for fields, attributes in (
                ("", ""), ("<a:Id>1</a:Id><a:Name>x</a:Name>", ""), ("", ' i:nil="true"'),
                ("<a:Id>1</a:Id><a:SalesHouseCustomerId>2</a:SalesHouseCustomerId>",
                 ' i:type="a:AdvertiserAccount"')):
            self.assertEqual(schema.problems(account(fields, attributes), "v11"), [])

    def test_each_mistake(self):
        for fields, attributes in (
                ("<a:Name>x</a:Name><a:Id>1</a:Id>", ""), ("<a:Id>1</a:Id><a:Id>1</a:Id>", ""),
                ("<a:Id>x</a:Id>", ""), ("<a:Cat/>", ""), ("<Id>1</Id>", ""),
                ("<a:AccountType>Great</a:AccountType>", ""), ("text", ""),
                ('<a:AccountType i:nil="true"/>', ""), ('<a:Id i:nil="true">1</a:Id>', ""),
                ("<a:SalesHouseCustomerId>2</a:SalesHouseCustomerId>", ""),
                ("", ' i:type="a:Customer"'), ("<a:TimeStamp>?</a:TimeStamp>", ""),
                ("<a:LastModifiedTime>today</a:LastModifiedTime>", "")):
            self.assertNotEqual(schema.problems(account(fields, attributes), "v11"), [], fields)


if __name__ == "__main__":
    unittest.main()
