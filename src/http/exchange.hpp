// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <optional>
#include <string>

#include "certificates.hpp"
#include "chatvim/http/client.hpp"

namespace chatvim::http {

/// The limit for a response's header fields. Below libcurl's own, which it would report as a broken
/// connection.
inline constexpr std::size_t kMostHeaderBytes = std::size_t{256} * 1024;

/// Free objects allocated by libcurl.
struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// One request on an easy handle: sets its options and translates libcurl's callbacks to the
/// handler's. Owned by the transfer; after that is destroyed, by the client for as long as libcurl
/// may still call back.
class Exchange {
 public:
  /// If `handler` is null, a connection is opened and nothing is sent. `trusted` applies if the
  /// request has no `ca_file`, and for proxies; it must outlive the exchange.
  Exchange(Request request, Handler* handler, const Certificates& trusted);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  CURL* easy() const { return easy_.get(); }
  /// Stops calling the handler; libcurl aborts at its next callback.
  void abandon() { handler_ = nullptr; }
  /// Stops calling the handler; the rest of the response is read and discarded, for at most a
  /// second.
  void drain();
  /// Whether the exchange only opens a connection.
  bool warming() const { return warming_; }
  /// Whether the client keeps the exchange running without a handler.
  bool on_its_own() const { return warming_ || drain_until_; }
  /// Whether the exchange failed because of HTTP/2. It must then be added again and will use
  /// HTTP/1.1. True at most once, and only if no answer has begun.
  bool fall_back(CURLcode code);
  /// Starts a new loop iteration, in which the handler may receive more data.
  void begin_turn();
  /// Whether data for the handler waits for the next iteration.
  bool paused() const { return paused_; }
  /// Reports the result to the handler.
  void end(CURLcode code);
  /// Returns the deadline for silence (or draining), or nothing if there is none.
  std::optional<loop::Clock::time_point> idle_deadline() const;
  /// Reports to the handler that the exchange timed out while idle.
  void end_idle();

 private:
  /// Whether libcurl should continue with the exchange.
  bool wanted() const { return handler_ != nullptr || on_its_own(); }
  void set_options();
  void set_certificates();
  void set_proxy();
  void take_header(std::string_view line);
  Error explain(CURLcode code) const;
  Error explain_coding(const std::string& host, const std::string& detail) const;
  Error explain_bad_file(const std::string& detail) const;
  Error explain_tls(CURLcode code, const std::string& host, const std::string& detail) const;
  Error explain_break(CURLcode code, const std::string& host, const std::string& detail) const;

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static int on_connected(void* self, char*, char*, int, int);
  static int on_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t sent);

  Request request_;
  Handler* handler_;
  const Certificates& trusted_;
  bool warming_;
  std::unique_ptr<CURL, EasyDeleter> easy_;
  std::unique_ptr<curl_slist, ListDeleter> header_list_;
  char error_text_[CURL_ERROR_SIZE] = {};
  bool http1_only_ = false;
  int status_ = 0;
  bool connected_ = false;
  bool head_told_ = false;
  Headers head_;
  std::size_t head_bytes_ = 0;  ///< of all heads, including those of 1xx and of a proxy
  std::size_t given_ = 0;       ///< bytes of the body in this iteration, or since draining began
  bool paused_ = false;
  bool refused_ = false;  ///< its body is compressed in a way that we do not decode
  std::optional<loop::Clock::time_point> drain_until_;
  curl_off_t moved_ = 0;
  loop::Clock::time_point last_activity_;
};

}  // namespace chatvim::http
