// SPDX-License-Identifier: Apache-2.0
#include "chatvim/http/curl_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "certificates.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/text/url.hpp"
#include "dead_end.hpp"
#include "exchange.hpp"

namespace chatvim::http {

namespace {

/// How long servers usually keep an idle connection open.
constexpr std::chrono::seconds kKeptFor{60};
/// Setting up libcurl and OpenSSL takes milliseconds. That waits for the first request or until the
/// descriptors are quiet for this long, so that Neovim's hello is answered first.
constexpr std::chrono::milliseconds kQuiet{5};

}  // namespace

struct CurlClient::Impl {
  ReadVariable environment;
  std::optional<Certificates> certificates;
  CURLM* multi = nullptr;
  std::vector<Exchange*> running;
  /// Exchanges whose transfer was destroyed or released, and connections opened in advance. The
  /// client owns them until libcurl is done with them.
  std::vector<std::unique_ptr<Exchange>> owned;
  bool rehearsed = false;
  std::unique_ptr<DeadEnd> dead_end;  ///< where the rehearsal connects to, while it runs
  bool in_libcurl = false;
  std::vector<curl_waitfd> wait_descriptors;
  /// When a connection to each origin was last used or opened.
  std::map<std::string, loop::Clock::time_point> used;

  /// Whether a connection to the URL's origin may still be open; records that it is used now.
  bool use(const std::string& url) {
    auto& last = used[text::split_url(url).origin()];
    const auto now = loop::Clock::now();
    const bool recent = last != loop::Clock::time_point{} && now - last < kKeptFor;
    last = now;
    return recent;
  }

  ~Impl() {
    for (Exchange* exchange : std::vector<Exchange*>(running)) remove(*exchange);
    owned.clear();
    if (!multi) return;
    curl_multi_cleanup(multi);
    curl_global_cleanup();
  }

  void set_up() {
    if (multi) return;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
  }

  /// Searched only once: neither the environment nor the system's paths change while we run.
  const Certificates& trusted() {
    if (!certificates) {
      const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
      const bool has_default = info->cainfo != nullptr || info->capath != nullptr;
      certificates = find_certificates(environment, has_default, loop::is_regular_file);
    }
    return *certificates;
  }

  void add(Exchange& exchange) {
    running.push_back(&exchange);
    curl_multi_add_handle(multi, exchange.easy());
  }

  void remove(Exchange& exchange) {
    if (std::erase(running, &exchange) == 0) return;
    curl_multi_remove_handle(multi, exchange.easy());
  }

  void bury(std::unique_ptr<Exchange> exchange) {
    exchange->abandon();
    if (in_libcurl) {
      owned.push_back(std::move(exchange));
    } else {
      remove(*exchange);
    }
  }

  void let_drain(std::unique_ptr<Exchange> exchange) {
    exchange->drain();
    owned.push_back(std::move(exchange));
  }

  /// Ends the exchanges that libcurl has finished. A handler may start and destroy transfers
  /// meanwhile.
  void finish_transfers() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      char* pointer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &pointer);
      auto* exchange = reinterpret_cast<Exchange*>(pointer);
      remove(*exchange);
      if (exchange->fall_back(code)) {
        add(*exchange);
        continue;
      }
      // An owned exchange has no handler. Otherwise the handler may destroy the transfer, so `end`
      // touches nothing afterwards.
      exchange->end(code);
    }
  }

  void forget_finished() {
    std::erase_if(owned, [this](const auto& exchange) {
      if (exchange->on_its_own())
        return std::find(running.begin(), running.end(), exchange.get()) == running.end();
      remove(*exchange);
      return true;
    });
  }

  void end_idle() {
    const auto now = loop::Clock::now();
    for (Exchange* exchange : std::vector<Exchange*>(running)) {
      if (std::find(running.begin(), running.end(), exchange) == running.end()) continue;
      const auto deadline = exchange->idle_deadline();
      if (!deadline || *deadline > now) continue;
      remove(*exchange);
      exchange->end_idle();
    }
  }
};

/// The caller's handle to a request.
class CurlClient::CurlTransfer final : public Transfer {
 public:
  CurlTransfer(Impl& client, std::unique_ptr<Exchange> exchange)
      : client_(client), exchange_(std::move(exchange)) {}
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;
  ~CurlTransfer() override {
    if (exchange_) client_.bury(std::move(exchange_));
  }

  void release() override { client_.let_drain(std::move(exchange_)); }

 private:
  Impl& client_;
  std::unique_ptr<Exchange> exchange_;
};

CurlClient::CurlClient(ReadVariable environment) : impl_(std::make_unique<Impl>()) {
  impl_->environment = std::move(environment);
}

CurlClient::~CurlClient() = default;

std::unique_ptr<Transfer> CurlClient::start(Request request, Handler& handler) {
  impl_->set_up();
  impl_->use(request.url);
  auto exchange = std::make_unique<Exchange>(std::move(request), &handler, impl_->trusted());
  impl_->add(*exchange);
  return std::make_unique<CurlTransfer>(*impl_, std::move(exchange));
}

void CurlClient::rehearse(const Request& request) {
  if (std::exchange(impl_->rehearsed, true)) return;
  impl_->set_up();
  impl_->dead_end = std::make_unique<DeadEnd>();
  auto exchange = std::make_unique<Exchange>(request, nullptr, impl_->trusted());
  if (!impl_->dead_end->take(exchange->easy(), request.url.starts_with("https://"))) return;
  impl_->add(*exchange);
  impl_->owned.push_back(std::move(exchange));
}

void CurlClient::warm(const Request& request) {
  // libcurl keeps such a connection only with HTTP/2; with HTTP/1.1 it closes it, along with one
  // that was kept earlier. Without TLS there is no HTTP/2, and little to gain.
  if (!request.url.starts_with("https://") || impl_->use(request.url)) return;
  impl_->set_up();
  Request empty = request;
  empty.headers.clear();
  empty.body.reset();
  auto exchange = std::make_unique<Exchange>(std::move(empty), nullptr, impl_->trusted());
  impl_->add(*exchange);
  impl_->owned.push_back(std::move(exchange));
}

void CurlClient::wait(std::span<loop::Descriptor> descriptors, std::chrono::milliseconds timeout) {
  if (!impl_->multi) {
    const auto quiet = std::min(timeout, kQuiet);
    if (loop::poll_for(descriptors, quiet) || quiet < kQuiet) return;
    impl_->set_up();
    timeout -= quiet;
  }
  auto& waiting = impl_->wait_descriptors;
  waiting.clear();
  for (const auto& descriptor : descriptors) {
    curl_waitfd entry{};
    entry.fd = descriptor.fd;
    if (descriptor.want_read) entry.events |= CURL_WAIT_POLLIN;
    if (descriptor.want_write) entry.events |= CURL_WAIT_POLLOUT;
    waiting.push_back(entry);
  }
  const auto now = loop::Clock::now();
  for (const Exchange* exchange : impl_->running) {
    if (exchange->paused()) timeout = {};
    if (const auto deadline = exchange->idle_deadline()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - now);
      timeout = std::clamp(left, std::chrono::milliseconds{0}, timeout);
    }
  }
  curl_multi_poll(impl_->multi, waiting.data(), static_cast<unsigned>(waiting.size()),
                  static_cast<int>(timeout.count()), nullptr);
  // libcurl does not report that the other end of a pipe was closed, so query readiness again.
  loop::poll_now(descriptors);
}

void CurlClient::perform() {
  if (impl_->running.empty() && impl_->owned.empty()) return;
  int still_running = 0;
  impl_->in_libcurl = true;
  for (Exchange* exchange : impl_->running) exchange->begin_turn();
  curl_multi_perform(impl_->multi, &still_running);
  impl_->in_libcurl = false;
  impl_->finish_transfers();
  impl_->end_idle();
  impl_->forget_finished();
  if (impl_->owned.empty()) impl_->dead_end.reset();
}

std::string library_version() {
  // The features that matter here, under the names that curl itself prints.
  constexpr std::array<std::pair<int, const char*>, 5> kFeatures{{
      {CURL_VERSION_ASYNCHDNS, "AsynchDNS"},
      {CURL_VERSION_HTTP2, "HTTP2"},
      {CURL_VERSION_HTTPS_PROXY, "HTTPS-proxy"},
      {CURL_VERSION_IPV6, "IPv6"},
      {CURL_VERSION_SSL, "SSL"},
  }};
  const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
  std::string text = std::string("libcurl/") + info->version;
  if (info->ssl_version) text += std::string(" ") + info->ssl_version;
  text += ":";
  for (const auto& [bit, name] : kFeatures) {
    if ((info->features & bit) != 0) text += std::string(" ") + name;
  }
  return text;
}

}  // namespace chatvim::http
