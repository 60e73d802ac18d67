// SPDX-License-Identifier: Apache-2.0
#include "tls.h"

#include <openssl/err.h>
#include <poll.h>

#include <algorithm>
#include <limits>

namespace chatvim::standin {
namespace {

// A TLS stream; only the owner's thread uses the SSL object.
class TlsStream : public Stream {
 public:
  TlsStream(int fd, SSL_CTX* context) : Stream(fd), ssl_(SSL_new(context), &SSL_free) {
    SSL_set_fd(ssl_.get(), fd);
  }

  bool handshake() override {
    for (;;) {
      const int result = SSL_accept(ssl_.get());
      if (result == 1) return ready_ = true;
      if (!wait_for(result)) return false;
    }
  }

  std::size_t read(char* data, std::size_t size) override {
    for (;;) {
      const int got = SSL_read(ssl_.get(), data, clamp(size));
      if (got > 0) return static_cast<std::size_t>(got);
      if (!wait_for(got)) return 0;
    }
  }

  bool write(std::string_view data) override {
    while (!data.empty()) {
      const int put = SSL_write(ssl_.get(), data.data(), clamp(data.size()));
      if (put > 0) {
        data.remove_prefix(static_cast<std::size_t>(put));
      } else if (!wait_for(put)) {
        return false;
      }
    }
    return true;
  }

  Protocol protocol() const override {
    const unsigned char* name = nullptr;
    unsigned int length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &length);
    return length == 2 ? Protocol::kHttp2 : Protocol::kHttp1;
  }

  void close(Ending ending) override {
    if (ready_ && ending == Ending::kOrderly) SSL_shutdown(ssl_.get());
    ready_ = false;
    Stream::close(ending);
  }

 private:
  static int clamp(std::size_t size) {
    return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
  }

  // Waits for what the call that returned `result` needs; returns false if the connection has
  // ended.
  bool wait_for(int result) {
    const int error = SSL_get_error(ssl_.get(), result);
    ERR_clear_error();
    if (error == SSL_ERROR_WANT_READ) return wait_ready(POLLIN);
    if (error == SSL_ERROR_WANT_WRITE) return wait_ready(POLLOUT);
    ready_ = false;  // SSL_shutdown must not be called after a failure
    return false;
  }

  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  bool ready_ = false;
};

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_length,
                    const unsigned char* offered, unsigned int offered_length, void* http2) {
  static const unsigned char kHttp2[] = "\x02h2\x08http/1.1";
  const unsigned char* wanted = http2 != nullptr ? kHttp2 : kHttp2 + 3;
  const unsigned int length = sizeof kHttp2 - 1 - (http2 != nullptr ? 0 : 3);
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_length, wanted, length, offered, offered_length) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

TlsContext::TlsContext(Protocol protocol)
    : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context_.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(context_.get(), choose_protocol,
                             protocol == Protocol::kHttp2 ? context_.get() : nullptr);
}

std::unique_ptr<TlsContext> TlsContext::from_files(const std::string& cert, const std::string& key,
                                                   Protocol protocol, std::string& error) {
  std::unique_ptr<TlsContext> made(new TlsContext(protocol));
  SSL_CTX* context = made->context_.get();
  if (SSL_CTX_use_certificate_chain_file(context, cert.c_str()) == 1 &&
      SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1) {
    return made;
  }
  error = "cannot use " + cert + " and " + key + ": " + openssl_error();
  return nullptr;
}

std::unique_ptr<TlsContext> TlsContext::from_certificate(const Certificate& certificate,
                                                         Protocol protocol, std::string& error) {
  std::unique_ptr<TlsContext> made(new TlsContext(protocol));
  SSL_CTX* context = made->context_.get();
  if (SSL_CTX_use_certificate(context, certificate.x509.get()) == 1 &&
      SSL_CTX_use_PrivateKey(context, certificate.key.get()) == 1) {
    return made;
  }
  error = "cannot use the certificate that was made: " + openssl_error();
  return nullptr;
}

std::shared_ptr<Stream> TlsContext::wrap(int fd) const {
  return std::make_shared<TlsStream>(fd, context_.get());
}

std::string openssl_error() {
  char text[256] = "no reason given";
  if (const unsigned long code = ERR_get_error(); code != 0) {
    ERR_error_string_n(code, text, sizeof text);
  }
  return text;
}

}  // namespace chatvim::standin
