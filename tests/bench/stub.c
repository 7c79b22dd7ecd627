/*
 * The generated stub with the engine's default options, as gSOAP's users write
 * it: no checks but the stub's own status.
 */
#include <stdlib.h>
#include <string.h>

#include "v11H.h"

#include "BasicHttpBinding_USCOREICustomerManagementService.nsmap"

#include "bench/meter.h"
#include "bench/support.h"

static const struct bench_job *job;
static struct soap *soap;
static struct SOAP_ENV__Header header;
static struct ent__ClientLink links[BENCH_MAX_LINKS];
static LONG64 accounts[BENCH_MAX_LINKS];
static LONG64 managing_customer = BENCH_MANAGING_CUSTOMER;
static enum xsd__boolean yes = xsd__boolean__true_;
static enum xsd__boolean no = xsd__boolean__false_;

static void fill_links(void)
{
    for (int i = 0; i < BENCH_MAX_LINKS; i++) {
        accounts[i] = BENCH_FIRST_ACCOUNT + i;
        links[i].ClientAccountId = &accounts[i];
        links[i].ManagingCustomerId = &managing_customer;
        links[i].Note = (char *)BENCH_NOTE;
        links[i].Name = (char *)BENCH_NAME;
        links[i].InviterEmail = (char *)BENCH_INVITER_EMAIL;
        links[i].InviterName = (char *)BENCH_INVITER_NAME;
        links[i].InviterPhone = (char *)BENCH_INVITER_PHONE;
        links[i].IsBillToClient = &yes;
        links[i].StartDate = (char *)BENCH_START_DATE;
        links[i].SuppressNotification = &no;
    }
}

void bench_open(const struct bench_job *given)
{
    job = given;
    soap = job->keep_alive ? soap_new1(SOAP_IO_KEEPALIVE) : soap_new();
    if (!soap)
        bench_die("no memory");
    if (job->ca_file && soap_ssl_client_context(soap, SOAP_SSL_DEFAULT, NULL, NULL, job->ca_file,
                                                NULL, NULL) != SOAP_OK)
        bench_die("no TLS context");
    fill_links();
}

static void begin(void)
{
    memset(&header, 0, sizeof header);
    header.cm__DeveloperToken = (char *)BENCH_DEVELOPER_TOKEN;
    header.cm__AuthenticationToken = (char *)BENCH_ACCESS_TOKEN;
    soap->header = &header;
}

static void end(void)
{
    soap_destroy(soap);
    soap_end(soap);
}

static long add(void)
{
    struct ent__ArrayOfClientLink array = {job->links, links};
    struct _cm__AddClientLinksRequest request = {&array};
    struct _cm__AddClientLinksResponse response;
    long count;

    memset(&response, 0, sizeof response);
    begin();
    if (soap_call___cm__AddClientLinks(soap, job->url, NULL, &request, &response) != SOAP_OK)
        bench_die("AddClientLinks: engine error %d", soap->error);
    count = response.PartialErrors ? response.PartialErrors->__sizeArrayOfOperationError : 0;
    end();
    return count;
}

static long search(int page_index)
{
    int page_size = BENCH_PAGE_SIZE;
    struct ent__Predicate predicate = {(char *)"ClientAccountId", (char *)"Equals",
                                       (char *)"1000001"};
    struct ent__ArrayOfPredicate predicates = {1, &predicate};
    struct ent__Paging page = {&page_index, &page_size};
    struct _cm__SearchClientLinksRequest request = {&predicates, NULL, &page};
    struct _cm__SearchClientLinksResponse response;
    long count;

    memset(&response, 0, sizeof response);
    begin();
    if (soap_call___cm__SearchClientLinks(soap, job->url, NULL, &request, &response) != SOAP_OK)
        bench_die("SearchClientLinks: engine error %d", soap->error);
    count = response.ClientLinks ? response.ClientLinks->__sizeClientLink : 0;
    end();
    return count;
}

static long search_all_pages(void)
{
    long count = 0;
    long got = BENCH_PAGE_SIZE;

    for (int page = 0; got == BENCH_PAGE_SIZE; page++) {
        got = search(page);
        count += got;
    }
    return count;
}

long bench_call(void)
{
    if (strcmp(job->operation, "add") == 0)
        return add();
    return strcmp(job->operation, "search") == 0 ? search(0) : search_all_pages();
}

void bench_close(void)
{
    soap_free(soap);
}
