// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "address.hpp"
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

}  // namespace chatvim::http
