/*
 * The same in C++: every object of the library has one free function, so that
 * a unique_ptr with that function as its deleter is all the wrapping it needs.
 */
#include <cstdint>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "service.h"

template <auto Free> struct Freed {
    template <typename T> void operator()(T *object) const
    {
        Free(object);
    }
};

using Credentials = std::unique_ptr<bacm_credentials, Freed<bacm_credentials_release>>;
using Client = std::unique_ptr<bacm_client, Freed<bacm_client_free>>;
using User = std::unique_ptr<bacm_user, Freed<bacm_user_free>>;
using Results = std::unique_ptr<bacm_link_results, Freed<bacm_link_results_free>>;

struct Failure : std::runtime_error {
    explicit Failure(const bacm_error &error) : std::runtime_error(error.message), detail(error)
    {
    }
    bacm_error detail;
};

/* Make an object by a function of the library, or throw what it says. */
template <typename Owner, typename Make> Owner made(Make make)
{
    typename Owner::pointer object = nullptr;
    bacm_error error;

    if (make(&object, &error) != BACM_OK)
        throw Failure(error);
    return Owner(object);
}

static bool invite(bacm_client *client, std::int64_t agency, const std::vector<std::string> &names)
{
    std::vector<bacm_client_link> links;
    std::vector<const bacm_client_link *> pointers;
    bacm_link_results *raw = nullptr;
    bacm_error error;

    for (const std::string &name : names) {
        bacm_client_link link = BACM_CLIENT_LINK_INIT;
        link.client_account_id = std::stoll(name);
        link.managing_customer_id = agency;
        links.push_back(link);
    }
    for (const bacm_client_link &link : links)
        pointers.push_back(&link);
    const bacm_status status =
        bacm_links_add(&raw, client, pointers.data(), pointers.size(), &error);
    const Results results(raw);
    for (std::size_t i = 0; i < bacm_link_results_count(results.get()); i++) {
        const bool done = bacm_link_results_outcome(results.get(), i) == BACM_OUTCOME_DONE;
        std::cout << names[i] << ": " << (done ? "invited" : "not invited") << "\n";
    }
    if (status != BACM_OK && status != BACM_E_PARTIAL)
        throw Failure(error);
    return status == BACM_OK;
}

int main(int argc, char **argv)
try {
    const bacm_options options = example_options();
    const auto credentials =
        made<Credentials>([](auto out, auto error) { return example_credentials(out, error); });
    const auto client = made<Client>([&](auto out, auto error) {
        return bacm_client_new(out, &options, credentials.get(), error);
    });
    const auto user = made<User>(
        [&](auto out, auto error) { return bacm_get_user(out, client.get(), 0, error); });

    return invite(client.get(), user->customer_id, {argv + 1, argv + argc}) ? 0 : 1;
} catch (const std::exception &failure) {
    std::cerr << failure.what() << "\n";
    return 1;
}
