/* The strict look at a message: what is no XML, and what hides a refusal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/wire/xml_scan.h"
#include "support/check.h"

enum { DEPTH = 8 };

struct verdict {
    enum bacm_xml_fault fault;
    bool complete;
    size_t used;
};

static struct verdict scan_in_steps(const char *text, bool is_envelope, size_t step)
{
    struct bacm_xml_scan scan = {.open = NULL};
    struct verdict verdict;

    bacm_xml_scan_begin(&scan, DEPTH, is_envelope);
    for (size_t at = 0; at < strlen(text); at += step)
        bacm_xml_scan_add(&scan, text + at, strnlen(text + at, step));
    verdict = (struct verdict){scan.fault, bacm_xml_scan_is_complete(&scan), scan.used};
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
        if (whole.complete)
            assert_int_equal(pieces.used, whole.used);
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
    "<a><!-- <b> -- - --></a>",
    "<a><!-----></a>",
    "<a><![CDATA[ ]] ]> <b> ]]]></a>",
    "<a><?pi ?"
    "?></a>",
    "<a>&amp;&lt;&gt;&quot;&apos;&#65;&#x41;</a>",
    "<a i:nil='true'/>",
    "<a i:nil='true'> \n </a>",
    "<a i:nil='false'>x</a>",
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
    {"text", BACM_XML_MALFORMED},
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
    {"<a>&;</a>", BACM_XML_DOCTYPE},
    {"<!DOCTYPE a><a/>", BACM_XML_DOCTYPE},
    {"<a><!ELEMENT b></a>", BACM_XML_DOCTYPE},
    {"<a><![CDAT[x]]></a>", BACM_XML_DOCTYPE},
    {"<a i:nil='true'>x</a>", BACM_XML_MALFORMED},
    {"<a i:nil='1'><b/></a>", BACM_XML_MALFORMED},
    {"<a i:nil='true'><![CDATA[]]></a>", BACM_XML_MALFORMED},
    {"<a><b i:nil=\"true\">&#65;</b></a>", BACM_XML_MALFORMED},
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

static void end_of_the_root(void **state)
{
    (void)state;
    assert_int_equal(scan("<a/>rest", false).used, 4);
    assert_int_equal(scan(" <a></a><b>", false).used, 8);
    assert_true(scan("<a/>rest", false).complete);
}

/* --- envelopes --- */

static void envelopes(void **state)
{
    static const char *const good[] = {
        "<s:Envelope><s:Body><r/></s:Body></s:Envelope>",
        "<Envelope><Header><t>x</t></Header><Body><r><v>x</v></r></Body></Envelope>",
        "<Envelope><Header/><Body/></Envelope>",
        "<Envelope><Header><Body>x</Body><Body/></Header><Body><r/></Body></Envelope>",
        "<Envelope><Body><r><Body>x</Body></r></Body></Envelope>",
    };
    static const char *const bad[] = {
        "<Body><r/></Body>",
        "<Envelope><r/></Envelope>",
        "<Envelope>x<Body/></Envelope>",
        "<Envelope><Body>x<r/></Body></Envelope>",
        "<Envelope><Body><r>x</r></Body></Envelope>",
        "<Envelope><Body><r><v/>x</r></Body></Envelope>",
        "<Envelope><Body><r/><r/></Body></Envelope>",
        "<Envelope><Body><r/><!-- --><r></r></Body></Envelope>",
        "<Envelope><Header>x</Header><Body/></Envelope>",
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
        assert_false(bacm_xml_scan_is_complete(&scan));
        bacm_xml_scan_begin(&scan, 100, false);
        assert_int_equal(bacm_xml_scan_add(&scan, "<a/>", 4), BACM_XML_OK);
        assert_true(bacm_xml_scan_is_complete(&scan));
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
    assert_true(bacm_xml_scan_is_complete(&scan));
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
