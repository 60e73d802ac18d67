// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "certificate.h"
#include "stream.h"

namespace chatvim::standin {

// The server's side of TLS: one certificate, one protocol by ALPN (a client that does not offer
// HTTP/2 gets HTTP/1.1). Shared by all connections.
class TlsContext {
 public:
  // Reads a certificate chain and key from PEM files; null, and words in `error`, if that fails.
  static std::unique_ptr<TlsContext> from_files(const std::string& cert, const std::string& key,
                                                Protocol protocol, std::string& error);
  // Uses a certificate that was made here; null, and words in `error`, if that fails.
  static std::unique_ptr<TlsContext> from_certificate(const Certificate& certificate,
                                                      Protocol protocol, std::string& error);

  // A stream that speaks TLS over the connected socket `fd`, which it takes over.
  std::shared_ptr<Stream> wrap(int fd) const;

 private:
  explicit TlsContext(Protocol protocol);

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

// What OpenSSL has to say about its last failure.
std::string openssl_error();

}  // namespace chatvim::standin
