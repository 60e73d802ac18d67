// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <optional>
#include <string>

#include "certificates.hpp"
#include "chatvim/http/client.hpp"

namespace chatvim::http {

/// Frees what libcurl handed out.
struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// One request on an easy handle: its options, and libcurl's callbacks turned into the handler's.
/// Owned by the transfer, and by the client for as long as libcurl may still call back after the
/// transfer has been destroyed.
class Exchange {
 public:
  /// `handler` null: a connection is opened and nothing is sent. `trusted` counts where the request
  /// names no authority, and for proxies; it must outlive the exchange.
  Exchange(Request request, Handler* handler, const Certificates& trusted);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  CURL* easy() const { return easy_.get(); }
  /// Nothing more is told to the handler; libcurl gives up at its next call.
  void abandon() { handler_ = nullptr; }
  /// Nothing more is told to the handler; the rest of the response is read and dropped, for a
  /// second at most.
  void drain();
  /// True for one that only opens a connection.
  bool warming() const { return warming_; }
  /// True while the client lets it go on without a handler.
  bool on_its_own() const { return warming_ || drain_until_; }
  /// True when HTTP/2 was why it failed: it is to be added again, and goes over HTTP/1.1 then.
  /// Once, and only while no answer has begun.
  bool fall_back(CURLcode code);
  /// A new turn of the loop: the handler may be given more.
  void begin_turn();
  /// True while there is more for the handler, which the next turn gives it.
  bool paused() const { return paused_; }
  /// Tells the handler how it ended.
  void end(CURLcode code);
  /// When silence (or draining) has lasted too long; nothing while there is no limit.
  std::optional<loop::Clock::time_point> idle_deadline() const;
  /// Ends it as idle.
  void end_idle();

 private:
  /// True while somebody still wants libcurl to go on with it.
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
  std::size_t head_bytes_ = 0;  ///< of all heads, those of 1xx and a proxy too
  std::size_t given_ = 0;       ///< bytes of the body in this turn, or since draining
  bool paused_ = false;
  bool refused_ = false;  ///< its body is compressed in a way that is not decoded
  std::optional<loop::Clock::time_point> drain_until_;
  curl_off_t moved_ = 0;
  loop::Clock::time_point last_activity_;
};

}  // namespace chatvim::http
