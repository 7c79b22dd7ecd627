"""Broken contracts are refused with file, line, element and reason."""

import re
import tempfile
import unittest
from pathlib import Path

from support import V11, contract, wsdl_document
from mutants import CUSTOMER, ENTITIES, Editor

# What to write in the place of what (once), and the element and reason that are told.
BROKEN = (
    ('<xs:restriction base="xs:string">', "<xs:restriction>", "xs:restriction", "has no base"),
    ('name="ClientLink">', '>', "xs:complexType", "has no name"),
    ('name="ClientLink">', 'name="Client Link">', "xs:complexType", "'Client Link' is no name"),
    ('minOccurs="0" name="Note"', 'minOccurs="-1" name="Note"', "xs:element", "is no minOccurs"),
    ('minOccurs="0" name="Note"', 'minOccurs="2" name="Note"', "xs:element", "more than maxOccurs"),
    ('nillable="true" type="ent:PersonName"', 'nillable="yes"', "xs:element", "is no nillable"),
    ('type="ent:PersonName"', 'type="ent:PersonName" ref="ent:Z"', "xs:element", "name and ref"),
    ('type="ent:PersonName"', 'type="xs:strnig"', "xs:element", "xs:strnig, which no schema has"),
    ('type="ent:PersonName"', 'type="nt:PersonName"', "xs:element", "prefix is not declared"),
    ('type="ent:PersonName"', 'type="ent:Gone"', "xs:element", "type Gone .*not declared"),
    ('base="ent:Account"', 'base="ent:AdvertiserAccount"', "xs:complexType", "made of itself"),
    ('base="ent:Account"', 'base="ent:SortOrder"', "xs:complexType", "no structure"),
    ('value="Ascending"', 'value="Descending"', "xs:enumeration", "Descending is listed twice"),
    ("<xs:enumeration value=", "<xs:enumeration v=", "xs:enumeration", "has no value"),
    ("<xs:enumeration value=", "text<xs:enumeration value=", "xs:restriction", "text 'text'"),
    ("<wsdl:part ", "<wsdl:prt ", "wsdl:prt", "is not supported in wsdl:message"),
    ('element="tns:', 'type="tns:', "wsdl:part", "a part that is no element"),
    ('<wsdl:input ', '<wsdl:input x="1" ', "wsdl:input", "has the attribute x"),
    ("<soap:address location=", "<soap:address place=", "soap:address", "has no location"),
    ("<soap:operation ", '<soap:body use="literal"/><soap:operation ', "soap:body", "in wsdl:oper"),
    ('use="literal"', 'use="encoded"', "soap:header", "not literal"),
    ('part="UserName"', 'part="Name"', "soap:header", "header part Name is not declared"),
    ('<soap:fault use="literal" name="', '<soap:fault use="literal" name="X', "soap:fault", "not"),
    ("<soap:binding ", '<x:ext xmlns:x="urn:x" wsdl:required="true"/><soap:binding ', "x:ext",
     "must be understood"),
    ("<xs:sequence>", '<x:ext xmlns:x="urn:x"/><xs:sequence>', "x:ext", "does not belong"),
)  # fmt: skip


class Refused(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bacm-refused-")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "service.wsdl"
        self.text = V11.read_text("utf-8")

    def refusal(self, text):
        self.path.write_text(text, "utf-8")
        with self.assertRaises(wsdl_document.ContractError) as caught:
            contract.load(self.path)
        return str(caught.exception)

    def test_each_says_where_and_why(self):
        for old, new, element, reason in BROKEN:
            with self.subTest(new):
                place = self.text.index(old)
                told = self.refusal(self.text[:place] + new + self.text[place + len(old) :])
                match = re.match(r"(.*):(\d+): <([\w:]+)>[^:]*: (.*)", told)
                self.assertTrue(match, told)
                self.assertEqual(match.group(1), str(self.path))
                self.assertEqual(match.group(3), element, told)
                self.assertRegex(match.group(4), reason)
                line = self.text.count("\n", 0, place) + 1
                self.assertLessEqual(abs(int(match.group(2)) - line), 4, told)

    def test_the_line_of_an_imported_file(self):
        """What two documents were brought into one keeps the place that it came from."""
        other = self.path.with_name("more.xsd")
        other.write_text(
            f'<xs:schema xmlns:xs="{wsdl_document.XSD}" targetNamespace="{ENTITIES}">\n\n'
            '<xs:element name="More" type="Less"/></xs:schema>'
        )
        editor = Editor(self.text)
        schema = editor.schema(CUSTOMER)
        editor.add(
            schema,
            f'<xs:import schemaLocation="more.xsd" namespace="{ENTITIES}"/>',
            schema.firstChild,
        )
        told = self.refusal(editor.text().decode())
        self.assertRegex(told, rf"^{re.escape(str(other))}:3: <xs:element> More: .*Less")

    def test_an_element_that_holds_itself_is_none(self):
        """An anonymous type may refer to its own element: that is a tree, and no circle."""
        editor = Editor(self.text)
        editor.add(
            editor.schema(ENTITIES),
            '<xs:element name="Tree"><xs:complexType><xs:sequence>'
            '<xs:element ref="ent:Tree" minOccurs="0"/></xs:sequence></xs:complexType>'
            "</xs:element>",
        )
        self.path.write_bytes(editor.text())
        (field,) = contract.load(self.path).types[wsdl_document.QName(ENTITIES, "/Tree")].fields
        self.assertEqual(field.type, wsdl_document.QName(ENTITIES, "/Tree"))


if __name__ == "__main__":
    unittest.main()
