// SPDX-License-Identifier: Apache-2.0
#include "media_data.hpp"

#include "chatvim/json/text.hpp"
#include "chatvim/text/base64.hpp"
#include "chatvim/text/number.hpp"

namespace chatvim::wire {
std::string_view bytes_of(const document::Part& part) {
  return part.bytes ? std::string_view(*part.bytes) : std::string_view();
}

void append_data_url(std::string& out, const document::Part& part, bool describes) {
  if (!part.url.empty()) return json::append_json_string(out, part.url);
  const std::string start = "data:" + part.media_type + ";base64,";
  if (describes) {
    return json::append_json_string(
        out, start + "<" + text::with_commas(bytes_of(part).size()) + " bytes>");
  }
  json::append_json_string(out, start);
  out.pop_back();
  text::append_base64(out, bytes_of(part));
  out.push_back('"');
}

void append_data(std::string& out, const document::Part& part, bool describes) {
  const std::string_view bytes = bytes_of(part);
  if (describes) {
    return json::append_json_string(
        out, "<" + part.media_type + ", " + text::with_commas(bytes.size()) + " bytes>");
  }
  out.push_back('"');
  text::append_base64(out, bytes);
  out.push_back('"');
}

std::string_view file_name_of(const document::Part& part) {
  std::string_view name = part.text;
  while (name.ends_with('/')) name.remove_suffix(1);
  name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0
  return name.empty() ? "document.pdf" : name;
}

}  // namespace chatvim::wire
