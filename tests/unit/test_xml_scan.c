/* The strict look at a message: what is no XML, and what hides a refusal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/wire/xml_scan.h"
#include "support/check.h"

#define XSI "xmlns:i='http://www.w3.org/2001/XMLSchema-instance'"
#define S   "xmlns='http://schemas.xmlsoap.org/soap/envelope/'"

enum { DEPTH = 8 };

struct verdict {
    enum bacm_xml_fault fault;
    bool complete;
};

static struct verdict scan_in_steps(const char *text, bool is_envelope, size_t step)
{
    struct bacm_xml_scan scan = {.open = NULL};
    struct verdict verdict;

    bacm_xml_scan_begin(&scan, DEPTH, is_envelope);
    for (size_t at = 0; at < strlen(text); at += step)
        bacm_xml_scan_add(&scan, text + at, strnlen(text + at, step));
    verdict.complete = bacm_xml_scan_end(&scan);
    verdict.fault = scan.fault;
    bacm_xml_scan_free(&scan);
    return verdict;
}

/* The same in pieces of any size. */
static struct verdict scan(const char *text, bool is_envelope)
{
    struct verdict whole = scan_in_steps(text, is_envelope, strlen(text) + 1);

    for (size_t step = 1; step < 8; step++) {
        struct verdict pieces = scan_in_steps(text, is_envelope, step);

        assert_int_equal(pieces.fault, whole.fault);
        assert_int_equal(pieces.complete, whole.complete);
    }
    return whole;
}

static const char *const good_ones[] = {
    "<a/>",
    "<a></a>",
    "<a ></a\t>",
    "<a b='c' d = \"e>'\"/>",
    "<?xml version=\"1.0\"?><a/>",
    "\xef\xbb\xbf<a/>",
    " \r\n<a>text</a>",
    "<a><b/>mixed<b></b></a>",
    "<p:a xmlns:p='urn:x'><p:b/></p:a>",
    "<a><!-- <b> - - --></a>",
    "<a><![CDATA[ ]] ]> <b> ]]]></a>",
    "<a><?pi ?"
    "?></a>",
    "<a>&amp;&lt;&gt;&quot;&apos;&#65;&#x41;</a>",
    "<a " XSI " i:nil='true'/>",
    "<a " XSI " i:nil='true'> \n </a>",
    "<a " XSI " i:nil='false'>x</a>",
    "<a nilly='true'>x</a>",
    "<a><b><c><d><e><f><g><h/></g></f></e></d></c></b></a>",
    "<\xc3\xbc>x</\xc3\xbc>",
    "<averyveryveryveryverylongnameofanelementthatisnotallkept>"
    "</averyveryveryveryverylongnameofanelementthatisnotallkept>",
};

static void well_formed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good_ones); i++) {
        struct verdict verdict = scan(good_ones[i], false);

        if (verdict.fault != BACM_XML_OK || !verdict.complete)
            fail_msg("%s is refused", good_ones[i]);
    }
}

static const struct {
    const char *text;
    enum bacm_xml_fault fault;
} bad_ones[] = {
    {"<>", BACM_XML_MALFORMED},
    {"< a/>", BACM_XML_MALFORMED},
    {"</a>", BACM_XML_MALFORMED},
    {"<a></b>", BACM_XML_MALFORMED},
    {"<a></A>", BACM_XML_MALFORMED},
    {"<p:a></a>", BACM_XML_MALFORMED},
    {"<p:a></q:a>", BACM_XML_MALFORMED},
    {"<a><b></a></b>", BACM_XML_MALFORMED},
    {"<a b></a>", BACM_XML_MALFORMED},
    {"<a b=c></a>", BACM_XML_MALFORMED},
    {"<a b='<'></a>", BACM_XML_MALFORMED},
    {"<a / ></a>", BACM_XML_MALFORMED},
    {"<a></a b='c'>", BACM_XML_MALFORMED},
    {"<a>\x01</a>", BACM_XML_MALFORMED},
    {"<a b='\x02'/>", BACM_XML_MALFORMED},
    {"<a>& b</a>", BACM_XML_MALFORMED},
    {"<a>&#0;</a>", BACM_XML_MALFORMED},
    {"<a>&#x000;</a>", BACM_XML_MALFORMED},
    {"<a>&#;</a>", BACM_XML_MALFORMED},
    {"<a>&nbsp;</a>", BACM_XML_DOCTYPE},
    {"<a>&;</a>", BACM_XML_MALFORMED},
    {"<!DOCTYPE a><a/>", BACM_XML_DOCTYPE},
    {"<a><!ELEMENT b></a>", BACM_XML_MALFORMED},
    {"<a><![CDAT[x]]></a>", BACM_XML_MALFORMED},
    {"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", BACM_XML_DOCTYPE},
    {"<a/>text", BACM_XML_MALFORMED},
    {"<a/><a/>", BACM_XML_MALFORMED},
    {"<a/><![CDATA[x]]>", BACM_XML_MALFORMED},
    {"<a/>&amp;", BACM_XML_MALFORMED},
    {"<p:a/>", BACM_XML_MALFORMED},
    {"<a p:b='c'/>", BACM_XML_MALFORMED},
    {"<a xmlns:p=''><p:b/></a>", BACM_XML_MALFORMED},
    {"<1a/>", BACM_XML_MALFORMED},
    {"<-a/>", BACM_XML_MALFORMED},
    {"<a:b:c xmlns:a='urn:x'/>", BACM_XML_MALFORMED},
    {"<a 1b='c'/>", BACM_XML_MALFORMED},
    {"<a b='c' b='d'/>", BACM_XML_MALFORMED},
    {"<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='c' q:b='d'/>", BACM_XML_MALFORMED},
    {"<a b='c'd='e'/>", BACM_XML_MALFORMED},
    {"<a>]]></a>", BACM_XML_MALFORMED},
    {"<a><!-- -- --></a>", BACM_XML_MALFORMED},
    {"<a><?xml version='1.0'?></a>", BACM_XML_MALFORMED},
    {" <?xml version='1.0'?><a/>", BACM_XML_MALFORMED},
    {"<a>\xff</a>", BACM_XML_MALFORMED},
    {"<a>\xc0\x80</a>", BACM_XML_MALFORMED},
    {"<a>&#1;</a>", BACM_XML_MALFORMED},
    {"<?xml version='1.0' encoding='x-none'?><a/>", BACM_XML_MALFORMED},
    {"<a " XSI " i:nil='true'>x</a>", BACM_XML_MALFORMED},
    {"<a " XSI " i:nil='1'><b/></a>", BACM_XML_MALFORMED},
    {"<a " XSI " i:nil='true'><![CDATA[]]></a>", BACM_XML_MALFORMED},
    {"<a " XSI "><b i:nil=\"true\">&#65;</b></a>", BACM_XML_MALFORMED},
    {"<x><PartialErrors>x</PartialErrors></x>", BACM_XML_MALFORMED},
    {"<x><a:OperationError><a:Code/>x</a:OperationError></x>", BACM_XML_MALFORMED},
    {"<x><ArrayOfOperationError>&amp;</ArrayOfOperationError></x>", BACM_XML_MALFORMED},
    {"<a><b><c><d><e><f><g><h><i/></h></g></f></e></d></c></b></a>", BACM_XML_TOO_DEEP},
};

static void not_well_formed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_ones); i++) {
        struct verdict verdict = scan(bad_ones[i].text, false);

        if (verdict.fault != bad_ones[i].fault || verdict.complete)
            fail_msg("%s gives %d, not %d", bad_ones[i].text, verdict.fault, bad_ones[i].fault);
    }
}

static void incomplete(void **state)
{
    static const char text[] =
        "<?xml version='1.0'?><a b='c'><!-- d --><e>&amp;<![CDATA[f]]></e></a>";

    (void)state;
    for (size_t size = 0; size < sizeof text - 1; size++) {
        char cut[sizeof text];
        struct verdict verdict;

        snprintf(cut, sizeof cut, "%.*s", (int)size, text);
        verdict = scan(cut, false);
        assert_int_equal(verdict.fault, BACM_XML_OK);
        assert_false(verdict.complete);
    }
    assert_true(scan(text, false).complete);
}

/* Only white space, comments and instructions may follow. */
static void end_of_the_root(void **state)
{
    (void)state;
    assert_true(scan("<a/> \r\n", false).complete);
    assert_true(scan("<a/><!-- b --><?c?>", false).complete);
    assert_false(scan("<a/><!-- b ", false).complete);
    assert_false(scan("", false).complete);
    assert_false(scan("text", false).complete);
}

/* --- envelopes --- */

static void envelopes(void **state)
{
    static const char *const good[] = {
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><r/></s:Body>"
        "</s:Envelope>",
        "<Envelope " S "><Header><t>x</t></Header><Body><r><v>x</v></r></Body></Envelope>",
        "<Envelope " S "><Header/><Body/></Envelope>",
        "<Envelope " S "><Header><Body>x</Body><Body/></Header><Body><r/></Body></Envelope>",
        "<Envelope " S "><Body><r><Body>x</Body></r></Body></Envelope>",
    };
    static const char *const bad[] = {
        "<Body " S "><r/></Body>",
        "<Envelope " S "><r/></Envelope>",
        "<Envelope " S ">x<Body/></Envelope>",
        "<Envelope " S "><Body>x<r/></Body></Envelope>",
        "<Envelope " S "><Body><r>x</r></Body></Envelope>",
        "<Envelope " S "><Body><r><v/>x</r></Body></Envelope>",
        "<Envelope " S "><Body><r/><r/></Body></Envelope>",
        "<Envelope " S "><Body><r/><!-- --><r></r></Body></Envelope>",
        "<Envelope " S "><Header>x</Header><Body/></Envelope>",
        "<Envelope><Body><r/></Body></Envelope>",
        "<Envelope xmlns='http://www.w3.org/2003/05/soap-envelope'><Body><r/></Body></Envelope>",
        "<Envelope " S "><Body xmlns='urn:x'><r/></Body></Envelope>",
        "<Envelope " S "><Body><r/></Body></Envelope><Envelope " S "><Body><r/></Body></Envelope>",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        if (!scan(good[i], true).complete)
            fail_msg("%s is refused", good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (scan(bad[i], true).fault != BACM_XML_MALFORMED)
            fail_msg("%s is taken", bad[i]);
    }
}

static void reuse(void **state)
{
    struct bacm_xml_scan scan = {.open = NULL};

    (void)state;
    for (int i = 0; i < 3; i++) {
        bacm_xml_scan_begin(&scan, 100, false);
        assert_int_equal(bacm_xml_scan_add(&scan, "<a><b>", 6), BACM_XML_OK);
        assert_false(bacm_xml_scan_end(&scan));
        bacm_xml_scan_begin(&scan, 100, false);
        assert_int_equal(bacm_xml_scan_add(&scan, "<a/>", 4), BACM_XML_OK);
        assert_true(bacm_xml_scan_end(&scan));
    }
    bacm_xml_scan_free(&scan);
}

static void many_levels(void **state)
{
    enum { LEVELS = 20000 };
    struct bacm_xml_scan scan = {.open = NULL};

    (void)state;
    bacm_xml_scan_begin(&scan, LEVELS, false);
    for (int i = 0; i < LEVELS; i++)
        assert_int_equal(bacm_xml_scan_add(&scan, "<a>", 3), BACM_XML_OK);
    for (int i = 0; i < LEVELS; i++)
        assert_int_equal(bacm_xml_scan_add(&scan, "</a>", 4), BACM_XML_OK);
    assert_true(bacm_xml_scan_end(&scan));
    bacm_xml_scan_free(&scan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed), cmocka_unit_test(not_well_formed),
        cmocka_unit_test(incomplete),  cmocka_unit_test(end_of_the_root),
        cmocka_unit_test(envelopes),   cmocka_unit_test(reuse),
        cmocka_unit_test(many_levels),
    };

    return cmocka_run_group_tests_name("XML scan", tests, NULL, NULL);
}
