// SPDX-License-Identifier: Apache-2.0
#include "http.h"

#include <algorithm>
#include <charconv>

#include "text.h"

namespace chatvim::standin {
namespace {

constexpr std::size_t kReadSize = 256 * 1024;
constexpr std::size_t kHeadLimit = 1024 * 1024;
constexpr std::size_t kBodyLimit = 256 * 1024 * 1024;

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<std::size_t> parse_size(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool parse_request_line(std::string_view line, HttpRequest& request) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || last == first) return false;
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, last - first - 1);
  request.version = line.substr(last + 1);
  return request.version.starts_with("HTTP/1.") && !request.target.empty();
}

}  // namespace

const Header* find_header(const std::vector<Header>& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const Header& header) {
    return equal_ignoring_case(header.name, name);
  });
  return found == headers.end() ? nullptr : &*found;
}

std::string_view HttpRequest::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::optional<std::string_view> HttpRequest::query(std::string_view key) const {
  const auto mark = target.find('?');
  if (mark == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(target).substr(mark + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == key) return pair.substr(std::min(equals + 1, pair.size()));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

bool HttpRequest::keeps_alive() const {
  const Header* connection = find_header(headers, "Connection");
  if (version == "HTTP/1.0") {
    return connection != nullptr && equal_ignoring_case(connection->value, "keep-alive");
  }
  return connection == nullptr || !equal_ignoring_case(connection->value, "close");
}

std::optional<HttpRequest> RequestReader::next() {
  problem_.clear();
  if (used_ == buffer_.size() && !fill()) return std::nullopt;
  HttpRequest request;
  request.first_byte_ns = now_ns();
  if (!read_head(request)) return std::nullopt;
  request.headers_ns = now_ns();
  if (!read_body(request)) return std::nullopt;
  request.body_ns = now_ns();
  return request;
}

bool RequestReader::fill() {
  buffer_.erase(0, used_);
  used_ = 0;
  const std::size_t old = buffer_.size();
  buffer_.resize(old + kReadSize);
  const std::size_t got = stream_.read(buffer_.data() + old, kReadSize);
  buffer_.resize(old + got);
  return got > 0;
}

std::optional<std::string> RequestReader::take_line() {
  for (;;) {
    const auto end = buffer_.find('\n', used_);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(used_, end - used_);
      used_ = end + 1;
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    if (buffer_.size() - used_ > kHeadLimit) {
      fail("a line of the head is longer than 1 MiB");
      return std::nullopt;
    }
    if (!fill()) return std::nullopt;
  }
}

bool RequestReader::read_head(HttpRequest& request) {
  std::optional<std::string> line = take_line();
  if (!line) return false;
  if (!parse_request_line(*line, request)) return fail("no HTTP/1 request line");
  std::size_t size = 0;
  for (;;) {
    line = take_line();
    if (!line) return false;
    if (line->empty()) return true;
    const auto colon = line->find(':');
    if (colon == std::string::npos) return fail("a header line has no colon");
    size += line->size();
    if (size > kHeadLimit) return fail("the head is longer than 1 MiB");
    request.headers.push_back(
        {line->substr(0, colon), std::string(trim(std::string_view(*line).substr(colon + 1)))});
  }
}

bool RequestReader::read_body(HttpRequest& request) {
  const Header* expect = find_header(request.headers, "Expect");
  request.expects_continue =
      expect != nullptr && equal_ignoring_case(expect->value, "100-continue");
  if (request.expects_continue && !stream_.write("HTTP/1.1 100 Continue\r\n\r\n")) return false;
  const Header* encoding = find_header(request.headers, "Transfer-Encoding");
  if (encoding != nullptr && equal_ignoring_case(encoding->value, "chunked")) {
    return read_chunked(request.body);
  }
  const Header* length = find_header(request.headers, "Content-Length");
  if (length == nullptr) return true;
  const std::optional<std::size_t> size = parse_size(length->value, 10);
  if (!size || *size > kBodyLimit) return fail("Content-Length is no number up to 256 MiB");
  return read_exactly(*size, request.body);
}

bool RequestReader::read_exactly(std::size_t size, std::string& out) {
  const std::size_t buffered = std::min(size, buffer_.size() - used_);
  std::size_t filled = out.size();
  out.resize(filled + size);
  std::copy_n(buffer_.data() + used_, buffered, out.data() + filled);
  used_ += buffered;
  filled += buffered;
  while (filled < out.size()) {
    const std::size_t got = stream_.read(out.data() + filled, out.size() - filled);
    if (got == 0) return false;
    filled += got;
  }
  return true;
}

bool RequestReader::read_chunked(std::string& out) {
  for (;;) {
    const std::optional<std::string> line = take_line();
    if (!line) return false;
    const auto size = parse_size(trim(line->substr(0, line->find(';'))), 16);
    if (!size || out.size() + *size > kBodyLimit) return fail("a chunk has no good size");
    if (*size == 0) break;
    if (!read_exactly(*size, out) || !take_line()) return false;
  }
  for (;;) {  // trailers
    const std::optional<std::string> line = take_line();
    if (!line) return false;
    if (line->empty()) return true;
  }
}

bool RequestReader::fail(std::string problem) {
  problem_ = std::move(problem);
  return false;
}

std::string_view reason_phrase(int status) {
  static constexpr std::pair<int, std::string_view> kPhrases[] = {
      {200, "OK"},
      {201, "Created"},
      {204, "No Content"},
      {301, "Moved Permanently"},
      {302, "Found"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {402, "Payment Required"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {413, "Content Too Large"},
      {422, "Unprocessable Content"},
      {429, "Too Many Requests"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {529, "Overloaded"},
  };
  for (const auto& [code, phrase] : kPhrases) {
    if (code == status) return phrase;
  }
  return "Status";
}

}  // namespace chatvim::standin
