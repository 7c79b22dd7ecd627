/* What the rest of the simulator knows of a version. */
#include "sim/api.h"

#include "sim/soap/service/operations.h"
#include "sim/soap/service/shape.h"
#include "version.h"

#include "lib/contract/gsoap_table.h"
#include "sim/sim.h"

/* The contract as published becomes part of the program; make runs in the root folder. */
__asm__(".section .rodata\n"
        ".balign 16\n"
        "sim_wsdl:\n"
        ".incbin \"wsdl/" VERSION_NAME "/CustomerManagementService.wsdl\"\n"
        ".byte 0\n"
        ".text\n");
extern const char sim_wsdl[];

const struct sim_api VERSION_API = {
    .name = VERSION_NAME,
    .path = SIM_SERVICE_PATH(VERSION_NAME),
    .customer_ns = XML_NS_CUSTOMER,
    .entities_ns = XML_NS_ENTITIES,
    .exception_ns = XML_NS_EXCEPTION,
    .contract = sim_wsdl,
    .namespaces = namespaces,
    .generated = &VERSION_TABLE,
    .links = &version_link_rules,
    .users = &version_user_rules,
    .find_operation = operation_find,
    .read_credentials = version_read_credentials,
    .write_link = version_write_link,
};
