#include "lib/net/socket_method.h"

#include <errno.h>
#include <sys/socket.h>

#include "lib/net/connection.h"

/*
 * OpenSSL's own socket raises SIGPIPE when the peer has closed it, and what its method does
 * cannot be borrowed without functions that OpenSSL 3.5 deprecates. Ours has the connection as
 * its data.
 */
static int socket_fd(BIO *bio)
{
    const struct bacm_connection *connection = (const struct bacm_connection *)BIO_get_data(bio);

    return connection->fd;
}

static int write_socket(BIO *bio, const char *bytes, int size)
{
    ssize_t sent;

    errno = 0;
    sent = send(socket_fd(bio), bytes, (size_t)size, MSG_NOSIGNAL);
    BIO_clear_retry_flags(bio);
    if (sent < 0 && BIO_sock_non_fatal_error(errno))
        BIO_set_retry_write(bio);
    return (int)sent;
}

static void set_would_block(BIO *bio)
{
    ((struct bacm_connection *)BIO_get_data(bio))->would_block = true;
}

static int read_socket(BIO *bio, char *bytes, int size)
{
    ssize_t got;

    errno = 0;
    got = recv(socket_fd(bio), bytes, (size_t)size, 0);
    BIO_clear_retry_flags(bio);
    if (got < 0 && BIO_sock_non_fatal_error(errno)) {
        set_would_block(bio);
        BIO_set_retry_read(bio);
    }
    if (got == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return (int)got;
}

static long control_socket(BIO *bio, int command, long number, void *pointer)
{
    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    default:
        return 0;
    }
}

BIO_METHOD *bacm_socket_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "socket without SIGPIPE");

    if (method && BIO_meth_set_write(method, write_socket) &&
        BIO_meth_set_read(method, read_socket) && BIO_meth_set_ctrl(method, control_socket))
        return method;
    BIO_meth_free(method);
    return NULL;
}
