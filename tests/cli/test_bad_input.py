"""Every kind of bad input: what is said, exit status 2, and nothing sent."""

import unittest

from support import AGENCY, CLIENT_ID, CLIENT_NUMBER, V13, SimTest, billed

# Columns that billed() adds to each row.
MORE = 1 if V13 else 0

CSV = {
    # name: (content, what must be said)
    "empty": (b"", ["in.csv: the input is empty"]),
    "only_blank_lines": (b"\n\r\n\n", ["in.csv: the input is empty"]),
    "no_header": (b"1001001,Spring\n1001002,Summer\n",
                  ["in.csv:1: column 1: '1001001' is not the name of a column",
                   f"put a row of column names above, for instance {CLIENT_ID}"]),
    "no_rows": (b"ClientAccountId,Name\n", ["in.csv: no rows"]),
    "unknown_column": (b"ClientAccountId,Naame\n1001001,Spring\n",
                       ["in.csv:1: column 2: unknown name 'Naame'; did you mean Name?"]),
    "unknown_columns": (b"ClientAccountId,Naame,Name,Kim,Note,Account manager\n1001001,,,,,\n",
                        ["in.csv:1: column 2: unknown name 'Naame', 'Kim', 'Account manager'; did "
                         "you mean Name? --ignore-unknown-columns passes over such columns"]),
    "text_in_a_column_without_name": (b"ClientAccountId,,Name\n1001001,y,x\n",
                                      ["in.csv:2: column 2: this column has no name"]),
    "missing_column": (b"Name,Note\nSpring,Hello\n",
                       [f"in.csv:1: the column {CLIENT_ID} is missing; add it, or "
                        f"{CLIENT_NUMBER}"]),
    "column_twice": (b"ClientAccountId,Name,Name\n1001001,a,b\n",
                     ["in.csv:1: column 3: column Name is here a second time, first as column 2"]),
    "too_many_fields": (b"ClientAccountId,Name\n1001001,Comma, Inc.\n",
                        [f"in.csv:2: the number of fields is {3 + MORE}, in the first row it is "
                         f"{2 + MORE}"]),
    "id_is_no_number": (b"ClientAccountId\nabc\n",
                        ["in.csv:2: column 1 (ClientAccountId): 'abc' is not a whole number"]),
    "id_with_fraction": (b"ClientAccountId\n1001001.0\n", ["in.csv:2: column 1", "whole number"]),
    "id_below_zero": (b"ClientAccountId\n-5\n", ["in.csv:2: column 1", "'-5'"]),
    "id_zero": (b"ClientAccountId\n0\n", ["in.csv:2: column 1 (ClientAccountId): 0 is not an id"]),
    "id_too_large": (b"ClientAccountId\n9223372036854775808\n", ["in.csv:2: column 1"]),
    "id_very_long": (b"ClientAccountId\n" + b"1" * 500 + b"\n", ["in.csv:2: column 1", "..."]),
    "no_boolean": (b"ClientAccountId,IsBillToClient\n1001001,maybe\n1001002,2\n",
                   ["in.csv:2: column 2 (IsBillToClient): 'maybe' is neither true nor false",
                    "in.csv:3: column 2 (IsBillToClient): '2'"]),
    "id_and_number": (b"ClientAccountId,ClientAccountNumber\n1001001,X1001001\n",
                      ["in.csv:2: column 2 (ClientAccountNumber)", "give one of the two"]),
    "neither_id_nor_number": (b"ClientAccountId,Name\n,Spring\n",
                              ["in.csv:2: column 1 (ClientAccountId): is missing"]),
    "number_of_wrong_form": (b"ClientAccountNumber\nX1\n",
                             ["in.csv:2: column 1 (ClientAccountNumber)"]),
    "both_managing_customers": (
        b"ClientAccountId,ManagingCustomerId,ManagingCustomerNumber\n1001001,2002002,C2002002\n",
        ["in.csv:2: column 3 (ManagingCustomerNumber)"]),
    "account_manages_itself": (b"ClientAccountId,ManagingCustomerId\n2002002,2002002\n",
                               ["in.csv:2: column"]),
    "date_without_time": (b"ClientAccountId,StartDate\n1001001,2030-05-01\n",
                          ["in.csv:2: column 2 (StartDate)", "YYYY-MM-DDThh:mm:ss"]),
    "date_with_offset": (b"ClientAccountId,StartDate\n1001001,2030-05-01T00:00:00+00:00\n",
                         ["in.csv:2: column 2 (StartDate)"]),
    "date_that_is_none": (b"ClientAccountId,StartDate\n1001001,2030-02-30T00:00:00\n",
                          ["in.csv:2: column 2 (StartDate)"]),
    "name_too_long": ("ClientAccountId,Name\n1001001,{}\n".format("\u00fc" * 41).encode(),
                      ["in.csv:2: column 2 (Name): has 41 characters, at most 40 are allowed"]),
    "control_character": (b"ClientAccountId,Name\n1001001,a\x1b[31mb\n",
                          ["in.csv:2: column 2 (Name)", "XML cannot carry"]),
    "not_utf8": (b"ClientAccountId,Name\n1001001,M\xfcller\n",
                 ["in.csv:2: column 2 (Name)", "UTF-8"]),
    "nul_byte": (b"ClientAccountId,Name\n1001001,a\0b\n",
                 ["in.csv:2: column 2 (Name): a NUL byte"]),
    "nul_byte_in_header": (b"ClientAcc\0ountId\n1001001\n", ["in.csv:1: column 1: a NUL byte"]),
    "quote_in_field": (b'ClientAccountId,Name\n1001001,12" screen\n',
                       ["in.csv:2: column 2 (Name): a quote where none may stand"]),
    "text_behind_quote": (b'ClientAccountId,Name\n1001001,"a"b\n',
                          ["in.csv:2: column 2 (Name): a quote where none may stand"]),
    "quote_not_closed": (b'ClientAccountId,Name\n1001001,a\n1001002,"b\n1001003,c\n',
                         ["in.csv:3: column 2 (Name): the quote that opens this field is never "
                          "closed"]),
    "quote_not_closed_crlf": (b'ClientAccountId,Name\r\n1001001,a\r\n1001002,"b\r\n1001003,c\r\n',
                              ["in.csv:3: column 2 (Name): the quote"]),
    "after_quoted_line_breaks": (b'ClientAccountId,Name,Note\n1001001,a,"1\n2\n3"\nx,b,c\n',
                                 ["in.csv:5: column 1 (ClientAccountId): 'x'"]),
    "after_quoted_line_breaks_crlf": (
        b'ClientAccountId,Name,Note\r\n1001001,a,"1\r\n2\r\n3"\r\nx,b,c\r\n',
        ["in.csv:5: column 1 (ClientAccountId): 'x'"]),
    "inside_quoted_line_breaks": (b'ClientAccountId,Note,IsBillToClient\n1001001,"1\n2",nay\n',
                                  ["in.csv:3: column 3 (IsBillToClient): 'nay'"]),
    "old_mac_line_breaks": (b"ClientAccountId\r1001001\rx\r",
                            ["in.csv:3: column 1 (ClientAccountId): 'x'"]),
    "after_bom": (b"\xef\xbb\xbfClientAccountId\nx\n", ["in.csv:2: column 1 (ClientAccountId)"]),
    "field_of_10_mb": (b"ClientAccountId,Note\n1001001," + b"x" * 10_000_000 + b"\n",
                       ["in.csv:2: column 2 (Note): the field is longer than 65536 bytes"]),
    "quoted_field_of_10_mb": (b'ClientAccountId,Note\n1001001,"' + b"x\n" * 5_000_000 + b'"\n',
                              ["in.csv:2: column 2 (Note): the field is longer than 65536 bytes"]),
    "header_of_10_mb": (b"x" * 10_000_000 + b"\n",
                        ["in.csv:1: column 1: the field is longer than 65536 bytes"]),
    "repeated": (b"ClientAccountId\n1001001\n1001002\n1001001\n1001003\n1001001\n",
                 ["in.csv:4: the same account and managing customer as in line 2",
                  "in.csv:6: the same account and managing customer as in line 2",
                  "2 of 5 rows are bad"]),
    "ids_that_differ": (
        b"ClientAccountId,client_account_id\n1001001,1001001\n1001003,\n1001004,1001002\n",
        ["in.csv:4: column 2 (client_account_id): ClientAccountId means the same, and one of them "
         "says '1001004', the other '1001002'; remove one of the two", "1 of 3 rows are bad"]),
    "id_in_the_column_that_is_passed_over": (
        b"client_account_id,ClientAccountId\n1001001,\n",
        ["in.csv:2: column 1 (client_account_id)"]),
    "managing_customers_that_differ": (
        b"ClientAccountId,Managing Customer ID,ManagingCustomerId\n1001001,2002003,\n",
        ["in.csv:2: column 2 (Managing Customer ID): ManagingCustomerId means the same"]),
    "numbers_that_differ": (
        b"ClientAccountNumber,Account Number\nX1001001,x1001001\nX1001001,X1001002\n",
        ["in.csv:3: column 2 (Account Number)", "'X1001001', the other 'X1001002'"]),
    "three_of_one_field": (b"Name,account name,ACCOUNT_NAME,ClientAccountId\na,b,c,1001001\n",
                           ["in.csv:1: column 3: column ACCOUNT_NAME is here a second time"]),
    "all_bad_rows_are_listed": (b"ClientAccountId,Name\nx,a\n1001001,b\ny,c\n1001002,a,b,c\n",
                                ["in.csv:2: column 1", "in.csv:4: column 1",
                                 "in.csv:5: the number of fields", "3 of 4 rows are bad"]),
}

NDJSON = {
    "empty": (b"", ["in.ndjson: no rows"]),
    "no_json": (b'{"ClientAccountId":1001001}\nhello\n', ["in.ndjson:2: byte ", "hello"]),
    "cut_off": (b'{"ClientAccountId":1001001\n', ["in.ndjson:1: byte "]),
    "unknown_key": (b'{"ClientAcountId":1001001}\n',
                    ["in.ndjson:1: ClientAcountId: unknown name 'ClientAcountId'; "
                     "did you mean ClientAccountId?"]),
    "key_twice": (b'{"ClientAccountId":1001001,"ClientAccountId":1001002}\n',
                  ["in.ndjson:1: byte ", "duplicate"]),
    "id_as_text": (b'{"ClientAccountId":"1001001"}\n',
                   ["in.ndjson:1: ClientAccountId: this is a string"]),
    "id_with_fraction": (b'{"ClientAccountId":1001001.0}\n',
                         ["in.ndjson:1: ClientAccountId: this is a number with a fraction"]),
    "id_zero": (b'{"ClientAccountId":0}\n', ["in.ndjson:1: ClientAccountId: 0 is not an id"]),
    "boolean_as_text": (b'{"ClientAccountId":1001001,"IsBillToClient":"true"}\n',
                        ["in.ndjson:1: IsBillToClient: this is a string"]),
    "text_as_number": (b'{"ClientAccountId":1001001,"Name":5}\n',
                       ["in.ndjson:1: Name: this is a whole number; write a string"]),
    "no_account": (b'{"Name":"Spring"}\n', [f"in.ndjson:1: {CLIENT_ID}: is missing"]),
    "null_account": (b'{"ClientAccountId":null}\n',
                     ["in.ndjson:1: ClientAccountId: is missing"]),
    "escaped_nul": (b'{"ClientAccountId":1001001,"Name":"a\\u0000b"}\n', ["in.ndjson:1: byte "]),
    "nul_byte": (b'{"ClientAccountId":1001001,"Name":"a\0b"}\n', ["in.ndjson:1: byte "]),
    "not_utf8": (b'{"ClientAccountId":1001001,"Name":"M\xfcller"}\n',
                 ["in.ndjson:1: byte ", "unable to decode"]),
    "deeply_nested": (b"[" * 100_000 + b"\n", ["in.ndjson:1: byte "]),
    "line_of_10_mb": (b'{"ClientAccountId":1001001,"Note":"' + b"x" * 10_000_000 + b'"}\n'
                      b'{"ClientAccountId":"x"}\n',
                      ["in.ndjson:1: the line is longer than 1048576 bytes",
                       "in.ndjson:2: ClientAccountId"]),
    "text_too_long": (b'{"ClientAccountId":1001001,"Note":"' + b"x" * 70_000 + b'"}\n',
                      ["in.ndjson:1: Note: longer than 65536 bytes"]),
    "after_blank_lines": (b'\n  \r\n{"ClientAccountId":"x"}\n',
                          ["in.ndjson:3: ClientAccountId: this is a string"]),
    "ids_that_differ": (
        b'{"ClientAccountId":1001001,"account id":1001001}\n'
        b'{"ClientAccountId":1001001,"account id":1001002}\n'
        b'{"account id":1001002,"ClientAccountId":1001001}\n'
        b'{"account id":1001002,"ClientAccountId":null}\n',
        ["in.ndjson:2: account id: ClientAccountId means the same",
         "in.ndjson:3: ClientAccountId: account id means the same", "in.ndjson:4: ClientAccountId",
         "'1001001', the other '1001002'", "3 of 4 rows are bad"]),
    "repeated": (b'{"ClientAccountId":1001001}\n{"ClientAccountId":1001001}\n',
                 ["in.ndjson:2: the same account and managing customer as in line 1"]),
}


class BadInput(SimTest):
    """The simulator's log is the judge of what was sent."""

    def check(self, name, content, texts):
        self.write_rows(name, content)
        result = self.bacm("add", name)
        self.assertEqual(result.code, 2, result.err)
        self.assertEqual(result.out, "")
        self.assert_says(result, "nothing was sent", *texts)
        self.assertEqual(self.sim.log(), [])

    def refused(self, *arguments, **options):
        result = self.bacm(*arguments, **options)
        self.assertEqual(result.code, 2, result.err)
        self.assertEqual(result.out, "")
        self.assertEqual(self.sim.log(), [])
        return result

    def test_no_file(self):
        self.assert_says(self.refused("add", "missing.csv"),
                         "missing.csv: No such file or directory")

    def test_folder(self):
        self.assert_says(self.refused("add", "."), ".: this is a folder")

    def test_no_input(self):
        self.assert_says(self.refused("add"), "no input")

    def test_two_inputs(self):
        self.assert_says(self.refused("add", "--input", "a.csv", "b.csv"), "name one input")

    def test_map_of_no_column(self):
        self.write_rows("in.csv", "Account ID,Customer ID\n1001001,2002003\n")
        result = self.refused("add", "--map", "Custmer ID=ManagingCustomerId", "in.csv")
        self.assert_says(result, "in.csv:1: nothing here is called 'Custmer ID', as --map has it: "
                         "there are 'Account ID', 'Customer ID'", "; did you mean 'Customer ID'?")

    def test_map_of_no_member(self):
        """Each object may have others: one that has it is enough."""
        self.write_rows("in.ndjson", '{"ClientAccountId":1001001}\n'
                                     '{"ClientAccountId":1001002,"Kunde":2002003}\n')
        for header, code in (("Kunden", 2), ("kunde", 0)):
            result = self.bacm("add", "--dry-run", "--managing-customer-id", AGENCY, "--map",
                               header + "=ManagingCustomerId", "in.ndjson")
            self.assertEqual(result.code, code, result.err)
            self.assertEqual("nothing here is called 'Kunden'" in result.err, code == 2)

    def test_map_of_one_header_twice(self):
        result = self.refused("add", "--map", "Kunde=Name", "--map", "kunde=Note",
                              self.add_rows(1001001))
        self.assert_says(result, "--map: 'kunde' is here a second time")

    def test_stdin_is_named(self):
        result = self.refused("add", "-", stdin=billed("ClientAccountId\nx\n"))
        self.assert_says(result, "stdin:2: column 1 (ClientAccountId)")

    def test_many_bad_rows_are_counted(self):
        self.write_rows("in.csv", "ClientAccountId\n" + "x\n" * 250)
        result = self.refused("add", "in.csv")
        self.assertEqual(result.err.count("is not a whole number"), 100)
        self.assert_says(result, "150 more bad rows", "250 of 250 rows are bad")

    def test_own_customer_as_account(self):
        """Known only after GetUser, and still before an invitation."""
        self.write_rows("in.csv", "ClientAccountId\n1001001\n2002002\n")
        result = self.bacm("add", "in.csv")
        self.assertEqual(result.code, 2, result.err)
        self.assert_says(result, "in.csv:3: ClientAccountId")
        self.assertEqual(self.operations(), ["GetUser"])

    def test_repeated_by_own_customer(self):
        self.write_rows("in.csv", "ClientAccountId,ManagingCustomerId\n1001001,2002002\n1001001,\n")
        result = self.bacm("add", "in.csv")
        self.assertEqual(result.code, 2, result.err)
        self.assert_says(result, "in.csv:3: the same account and managing customer as in line 2")
        self.assertEqual(self.operations(), ["GetUser"])

    def test_repeated_in_lower_case(self):
        """The service takes numbers in either case, so that the row would be invited twice."""
        self.write_rows("in.csv", "ClientAccountNumber\nX1001001\nx1001001\n")
        result = self.refused("add", "in.csv")
        self.assert_says(result, "in.csv:3: the same account and managing customer as in line 2")

    def test_what_is_bad_at_first_is_bad_when_it_is_sent(self):
        """A later row's looser names must not let an earlier one in on the second reading."""
        self.write_rows("in.ndjson",
                        '{"ClientAccountId":1001001,"ClientAccountNumber":"X1001001"}\n'
                        '{"account id":1001002}\n')
        result = self.bacm("add", "--skip-invalid", "in.ndjson")
        self.assertEqual(result.outcomes(), ["invalid", "added"], result.err)
        self.assertEqual(self.sim.invitations(), {(1001002, AGENCY): 1})

    def test_terminal_is_not_governed_by_input(self):
        self.write_rows("in.csv", b"ClientAccountId\n\x1b]0;title\x07\n")
        result = self.refused("add", "in.csv")
        self.assertNotIn("\x1b", result.err)
        self.assertNotIn("\x07", result.err)


def add_cases(kind, file_name, cases):
    def make(content, texts):
        return lambda self: self.check(file_name, content, texts)

    for name, (content, texts) in cases.items():
        setattr(BadInput, f"test_{kind}_{name}", make(content, texts))


add_cases("csv", "in.csv", CSV)
add_cases("ndjson", "in.ndjson", NDJSON)

if __name__ == "__main__":
    unittest.main()
