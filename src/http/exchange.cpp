// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "address.hpp"
#include "chatvim/loop/system.hpp"
#include "coding.hpp"

namespace chatvim::http {

namespace {

// Sizes of libcurl's reads and writes. It may read a hundred times before it returns, so reads are
// small: in a burst the editor's acknowledgements are then seen every few milliseconds. Large
// writes save system calls for chats of megabytes.
constexpr long kReadBytes = 8 * 1024;
constexpr long kWriteBytes = 512 * 1024;
constexpr std::chrono::seconds kLongestDrain{1};
// Limit for the body per loop iteration: a compressed body may expand a thousandfold while the
// editor waits.
constexpr std::size_t kMostAtOnce = 512 * 1024;
// Below libcurl's own limit, which it would report as a broken connection.
constexpr std::size_t kMostHeaderBytes = 256 * 1024;

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

Exchange::Exchange(Request request, Handler* handler, const Certificates& trusted)
    : request_(std::move(request)),
      handler_(handler),
      trusted_(trusted),
      warming_(handler == nullptr),
      easy_(curl_easy_init()),
      last_activity_(loop::Clock::now()) {
  set_options();
}

void Exchange::set_options() {
  CURL* easy = easy_.get();
  const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_2TLS});
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // We request no compression, since proxies would buffer the stream to compress it, but decode it
  // if it is used anyway.
  set(CURLOPT_ACCEPT_ENCODING, "identity");
  set(CURLOPT_BUFFERSIZE, kReadBytes);
  set(CURLOPT_UPLOAD_BUFFERSIZE, kWriteBytes);
  if (request_.method == Method::kPost) {
    set(CURLOPT_POST, 1L);
    const std::size_t size = request_.body ? request_.body->size() : 0;
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(size));
    set(CURLOPT_POSTFIELDS, request_.body ? request_.body->c_str() : "");
  }
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout * 1000));
  if (request_.connect_timeout <= 0) set(CURLOPT_CONNECTTIMEOUT_MS, 365L * 24 * 3600 * 1000);
  set(CURLOPT_ERRORBUFFER, error_text_);
  set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_PREREQFUNCTION, &Exchange::on_connected);
  set(CURLOPT_PREREQDATA, this);
  set(CURLOPT_XFERINFOFUNCTION, &Exchange::on_progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set_certificates();
  set_proxy();

  curl_slist* list = nullptr;
  for (const auto& [name, value] : request_.headers) {
    // libcurl parses "Name;" as a header with an empty value; "Name:" would remove the header.
    const std::string field = value.empty() ? name + ";" : name + ": " + value;
    list = curl_slist_append(list, field.c_str());
  }
  // Otherwise bodies over 1 MB would wait for a "100 Continue" that many servers never send.
  list = curl_slist_append(list, "Expect:");
  header_list_.reset(list);
  set(CURLOPT_HTTPHEADER, list);
}

void Exchange::set_certificates() {
  const auto set = [easy = easy_.get()](CURLoption option, const std::string& path) {
    if (!path.empty()) curl_easy_setopt(easy, option, path.c_str());
  };
  set(CURLOPT_PROXY_CAINFO, trusted_.file);
  set(CURLOPT_PROXY_CAPATH, trusted_.folder);
  const bool is_own = !request_.ca_file.empty();
  const std::string folder = is_own ? "" : trusted_.folder;
  set(CURLOPT_CAINFO, is_own ? request_.ca_file : trusted_.file);
  set(CURLOPT_CAPATH, folder);
  // A file that the user names replaces libcurl's default folder rather than adding to it.
  const bool is_named = !trusted_.file_variable.empty();
  if (folder.empty() && (is_own || is_named)) {
    curl_easy_setopt(easy_.get(), CURLOPT_CAPATH, nullptr);
  }
  if (trusted_.folder.empty() && is_named) {
    curl_easy_setopt(easy_.get(), CURLOPT_PROXY_CAPATH, nullptr);
  }
}

void Exchange::set_proxy() {
  if (!request_.proxy.empty()) {
    curl_easy_setopt(easy_.get(), CURLOPT_PROXY, request_.proxy.c_str());
    // The variable no_proxy applies only to proxies from the environment.
    curl_easy_setopt(easy_.get(), CURLOPT_NOPROXY, "");
  } else if (is_loopback(address_of(request_.url).host)) {
    curl_easy_setopt(easy_.get(), CURLOPT_PROXY, "");
  }
}

std::size_t Exchange::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  if (exchange.handler_) {
    exchange.last_activity_ = loop::Clock::now();
    exchange.head_bytes_ += size * count;
    if (exchange.head_bytes_ > kMostHeaderBytes) return 0;
    exchange.take_header({data, size * count});
  }
  return exchange.wanted() && !exchange.refused_ ? size * count : 0;
}

void Exchange::take_header(std::string_view line) {
  if (head_told_) return;  // trailers
  if (line.rfind("HTTP/", 0) == 0) {
    head_.clear();
    status_ = 0;
    const auto space = line.find(' ');
    if (space != std::string_view::npos) {
      const auto code = trim(line.substr(space));
      std::from_chars(code.data(), code.data() + std::min<std::size_t>(code.size(), 3), status_);
    }
    return;
  }
  if (trim(line).empty()) {
    if (status_ < 200) return;  // 1xx: another head follows
    if (!coding_problem(head_).empty()) return void(refused_ = true);
    // libcurl would reject a plain body if its coding has a name that it does not know. Later
    // versions (such as 8.7) read this option before the header, and still reject it.
    if (!is_compressed(head_)) curl_easy_setopt(easy_.get(), CURLOPT_HTTP_CONTENT_DECODING, 0L);
    head_told_ = true;
    handler_->on_head(status_, head_);
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  head_.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
}

std::size_t Exchange::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  if (exchange.given_ >= kMostAtOnce) {
    if (!exchange.handler_) return 0;
    exchange.paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  exchange.given_ += size * count;
  if (exchange.handler_) {
    exchange.last_activity_ = loop::Clock::now();
    exchange.handler_->on_body({data, size * count});
  }
  return exchange.wanted() ? size * count : 0;
}

void Exchange::begin_turn() {
  if (!drain_until_) given_ = 0;
  // This calls `on_body` with the data that was held back.
  if (std::exchange(paused_, false)) curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
}

int Exchange::on_connected(void* self, char*, char*, int, int) {
  auto& exchange = *static_cast<Exchange*>(self);
  if (!exchange.handler_) return CURL_PREREQFUNC_ABORT;
  exchange.connected_ = true;
  exchange.last_activity_ = loop::Clock::now();
  exchange.handler_->on_connected();
  return exchange.handler_ ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

int Exchange::on_progress(void* self, curl_off_t, curl_off_t received, curl_off_t,
                          curl_off_t sent) {
  auto& exchange = *static_cast<Exchange*>(self);
  if (received + sent != exchange.moved_) {
    exchange.moved_ = received + sent;
    exchange.last_activity_ = loop::Clock::now();
  }
  return exchange.wanted() ? 0 : 1;
}

std::optional<loop::Clock::time_point> Exchange::idle_deadline() const {
  if (drain_until_) return drain_until_;
  if (!handler_ || request_.idle_timeout <= 0) return std::nullopt;
  return last_activity_ + std::chrono::duration_cast<loop::Duration>(
                              std::chrono::duration<double>(request_.idle_timeout));
}

void Exchange::drain() {
  handler_ = nullptr;
  given_ = 0;
  drain_until_ = loop::Clock::now() + kLongestDrain;
}

bool Exchange::fall_back(CURLcode code) {
  if (!handler_ || head_told_ || http1_only_) return false;
  long version = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_VERSION, &version);
  const bool broke = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
                     code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE;
  const bool reset = code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM ||
                     (broke && version == CURL_HTTP_VERSION_2_0);
  if (!reset) return false;
  http1_only_ = true;
  curl_easy_setopt(easy_.get(), CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  // The existing connection uses HTTP/2.
  curl_easy_setopt(easy_.get(), CURLOPT_FRESH_CONNECT, 1L);
  error_text_[0] = '\0';
  head_.clear();
  head_bytes_ = 0;
  status_ = 0;
  moved_ = 0;
  last_activity_ = loop::Clock::now();
  return true;
}

void Exchange::end(CURLcode code) {
  if (!handler_) return;
  Handler* const handler = std::exchange(handler_, nullptr);
  // To libcurl, a connection that closes within the headers is not an error.
  if (code == CURLE_OK && !head_told_) code = CURLE_GOT_NOTHING;
  if (code == CURLE_OK) {
    handler->on_end({});
  } else {
    handler->on_end(tl::unexpected(explain(code)));
  }
}

void Exchange::end_idle() {
  if (!handler_) return;
  Handler* const handler = std::exchange(handler_, nullptr);
  handler->on_end(tl::unexpected(
      Error{ErrorCode::kTimeout,
            fmt::format("The server at {} was silent for {:g} seconds (idle_timeout).",
                        address_of(request_.url).host, request_.idle_timeout)}));
}

Error Exchange::explain(CURLcode code) const {
  const std::string host = address_of(request_.url).host;
  const std::string detail = error_text_[0] ? error_text_ : curl_easy_strerror(code);
  const Address proxy = address_of(request_.proxy);
  const std::string proxy_words = proxy.host.empty() ? "proxy" : "proxy " + proxy.text();
  constexpr std::string_view kProxySettings =
      "See the setting proxy and the variables http_proxy, https_proxy, all_proxy and no_proxy.";
  long tunnel_status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &tunnel_status);
  if (tunnel_status == 401 || tunnel_status == 407) {
    return {ErrorCode::kConnect,
            fmt::format("The {} wants another user name or password (status {}): write them "
                        "before its host, as in NAME:PASSWORD@HOST. {}",
                        proxy_words, tunnel_status, kProxySettings)};
  }
  if (tunnel_status >= 300) {
    return {ErrorCode::kConnect, fmt::format("The {} does not connect to {} (status {}). {}",
                                             proxy_words, host, tunnel_status, kProxySettings)};
  }
  if (head_bytes_ > kMostHeaderBytes) {
    return {ErrorCode::kProtocol, fmt::format("The server at {} sent more than {} KiB of headers.",
                                              host, kMostHeaderBytes / 1024)};
  }
  if (refused_ || code == CURLE_BAD_CONTENT_ENCODING) return explain_coding(host, detail);
  constexpr int kTooLarge = 100;  // CURLE_TOO_LARGE in libcurl 8.6
  const bool in_head = connected_ && !head_told_;
  if (in_head && (code == CURLE_OUT_OF_MEMORY || static_cast<int>(code) == kTooLarge)) {
    return {ErrorCode::kProtocol,
            fmt::format("The server at {} sent a header line that does not end.", host)};
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorCode::kConnect,
              fmt::format("The host {} is not known; check base_url and the network.", host)};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {ErrorCode::kConnect,
              fmt::format("The proxy for {} is not known ({}).", host, detail)};
    case CURLE_COULDNT_CONNECT:
      // libcurl names the host and port that it could not reach; if they are not the server's, they
      // are a proxy's.
      if (detail.find(host) == std::string::npos ||
          (!proxy.host.empty() &&
           detail.find(proxy.host + " port " + proxy.port) != std::string::npos)) {
        return {ErrorCode::kConnect,
                fmt::format("No connection to {} through the {}: {}. {}", request_.url, proxy_words,
                            detail, kProxySettings)};
      }
      return {ErrorCode::kConnect,
              fmt::format("No connection to {}: {}. Is the server running, and base_url right?",
                          request_.url, detail)};
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorCode::kTimeout,
              fmt::format("No connection to {} within {:g} seconds (connect_timeout).", host,
                          request_.connect_timeout)};
    case CURLE_SSL_CACERT_BADFILE:
      return explain_bad_file(detail);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
      return explain_tls(code, host, detail);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      if (connected_) {  // a response arrived that does not even start with a status line
        return {ErrorCode::kProtocol,
                fmt::format("The server at {} does not speak HTTP; check base_url.", host)};
      }
      return {ErrorCode::kBadConfig,
              fmt::format("The address {} is not one that can be used: {}.", request_.url, detail)};
    default:
      return explain_break(code, host, detail);
  }
}

Error Exchange::explain_coding(const std::string& host, const std::string& detail) const {
  std::string problem = coding_problem(head_);
  // If there are too many codings, libcurl fails at the header, which is then missing from `head_`.
  if (problem.empty() && detail.find("content encodings") != std::string::npos)
    problem = "is compressed more than once";
  return {ErrorCode::kProtocol,
          fmt::format("Switch off compression in the server at {}, or in the proxy before it: its "
                      "answer {}.",
                      host, problem.empty() ? "cannot be decompressed (" + detail + ")" : problem)};
}

Error Exchange::explain_bad_file(const std::string& detail) const {
  if (!request_.ca_file.empty()) {
    return {ErrorCode::kTls,
            fmt::format("The certificates in {} cannot be read: {}. Set ca_file to a PEM file.",
                        request_.ca_file, detail)};
  }
  if (trusted_.file_variable.empty()) {
    return {ErrorCode::kTls,
            fmt::format("Repair the system's certificates, or set SSL_CERT_FILE to a PEM file: {}.",
                        detail)};
  }
  return {ErrorCode::kTls,
          fmt::format("Set {} to a PEM file, or unset it: the certificates in {} cannot be read.",
                      trusted_.file_variable, trusted_.file)};
}

namespace {

/// Returns the first folder in a colon-separated list that does not exist, or "".
std::string missing_folder(std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(':'), list.size());
    const std::string folder(list.substr(0, end));
    if (!folder.empty() && !loop::is_folder(folder)) return folder;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return {};
}

}  // namespace

/// Gives advice that depends on what is wrong with the certificate, if OpenSSL reports it.
Error Exchange::explain_tls(CURLcode code, const std::string& host,
                            const std::string& detail) const {
  // X509_V_ERR_: UNABLE_TO_GET_ISSUER_CERT, DEPTH_ZERO_SELF_SIGNED_CERT,
  // SELF_SIGNED_CERT_IN_CHAIN, UNABLE_TO_GET_ISSUER_CERT_LOCALLY, UNABLE_TO_VERIFY_LEAF_SIGNATURE
  constexpr std::array<long, 5> kUntrusted = {2, 18, 19, 20, 21};
  constexpr long kNotYetValid = 9;  // X509_V_ERR_CERT_NOT_YET_VALID
  constexpr long kExpired = 10;     // X509_V_ERR_CERT_HAS_EXPIRED
  long verified = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_SSL_VERIFYRESULT, &verified);
  std::string_view advice = "For a private CA set ca_file in the provider's table of config.md.";
  if (detail.find("wrong version number") != std::string::npos) {
    advice = "The server may not support TLS; base_url must then begin with http://.";
  } else if (verified == kExpired || verified == kNotYetValid) {
    advice = "Its certificate, or the clock of this machine, is out of date.";
  } else if (code == CURLE_PEER_FAILED_VERIFICATION &&
             detail.find("subject name") != std::string::npos) {
    advice = "Its certificate is another host's: check base_url.";
  }
  const bool is_untrusted =
      std::find(kUntrusted.begin(), kUntrusted.end(), verified) != kUntrusted.end();
  const std::string no_folder = missing_folder(trusted_.folder);
  std::string folder_advice;
  if (is_untrusted && request_.ca_file.empty() && trusted_.missing) {
    advice =
        "No certificates were found on this system: install ca-certificates, or set SSL_CERT_FILE.";
  } else if (is_untrusted && request_.ca_file.empty() && !no_folder.empty()) {
    folder_advice =
        fmt::format("{} names {}, which is not a folder.", trusted_.folder_variable, no_folder);
    advice = folder_advice;
  }
  return {ErrorCode::kTls, fmt::format("TLS with {} failed: {}. {}", host, detail, advice)};
}

Error Exchange::explain_break(CURLcode code, const std::string& host,
                              const std::string& detail) const {
  // libcurl's messages for the two most common errors describe its own internals.
  const bool closed = code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING;
  if (head_told_) {
    return {ErrorCode::kTruncated, fmt::format("The connection to {} broke: {}.", host,
                                               closed ? "the server closed it" : detail)};
  }
  return {ErrorCode::kLost, fmt::format("The connection to {} broke before an answer came: {}.",
                                        host, closed ? "the server closed it" : detail)};
}

}  // namespace chatvim::http
