// SPDX-License-Identifier: Apache-2.0
#include "chatvim/wire/media.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "chatvim/text/base64.hpp"
#include "chatvim/text/number.hpp"
#include "chatvim/text/utf8.hpp"
#include "media_data.hpp"

namespace chatvim::wire {
namespace {

using document::Message;
using document::Part;

constexpr std::size_t kMostMediaName = 200;

std::string name_of(const Part& part) { return text::printable_name(part.text, kMostMediaName); }

/// Returns where the message starts, for display: its line, and its file if it has one.
std::string place_of(const Message& message) {
  const std::string line = fmt::format("in the message at line {}", message.line + 1);
  return message.source.empty()
             ? line
             : fmt::format("{} of {}", line, text::printable_name(message.source, kMostMediaName));
}

/// Checks the pictures and PDFs of a chat one by one.
class MediaCheck {
 public:
  MediaCheck(const provider::Provider& provider, const std::optional<provider::Model>& facts,
             std::string_view model)
      : provider_(provider), facts_(facts), model_(model) {}

  /// Returns why this one cannot be sent and what to do, as the end of a sentence; empty if it can.
  std::string refuse(const Message& message, const Part& part) {
    if (message.role == document::Role::kSystem) {
      return "a system message holds only text; move its line into a message of yours";
    }
    return part.kind == Part::Kind::kPdf ? refuse_pdf(part) : refuse_picture(part);
  }

 private:
  std::string refuse_pdf(const Part& part) {
    if (!provider_.media.documents) {
      return fmt::format(
          "{} takes no PDF; embed its text or pictures of its pages, or choose another model",
          who(provider_.name));
    }
    return refuse_sum(part);
  }

  std::string refuse_picture(const Part& part) {
    if (facts_ && facts_->images == false) {
      return fmt::format("the model {} ({}) takes no pictures; choose another or take the line out",
                         model_, provider_.name);
    }
    ++pictures_;
    const auto most_pictures = static_cast<std::size_t>(provider_.media.picture_count);
    if (most_pictures > 0 && pictures_ > most_pictures) {
      return fmt::format(
          "it is picture {} of the chat, and {} takes {} in a request; take lines out",
          text::with_commas(pictures_), who(provider_.name), text::with_commas(most_pictures));
    }
    if (!part.url.empty()) {
      if (provider_.media.picture_addresses) return "";
      return fmt::format("{} fetches no pictures from an address; save it and embed the file",
                         who(provider_.name));
    }
    const std::size_t size = bytes_of(part).size();
    const auto most = static_cast<std::size_t>(provider_.media.picture_bytes);
    if (most > 0 && size > most) {
      return fmt::format("it has {} bytes, and {} takes {} in a picture; embed a smaller one",
                         text::with_commas(size), who(provider_.name), text::with_commas(most));
    }
    return refuse_sum(part);
  }

  /// Checks the sum of sizes, because a server cuts off a body that is too large or rejects it
  /// without a clear message.
  std::string refuse_sum(const Part& part) {
    sum_ += text::base64_size(bytes_of(part).size());
    const auto most = static_cast<std::size_t>(provider_.media.request_bytes);
    if (most == 0 || sum_ <= most) return "";
    return fmt::format(
        "with it the pictures and PDFs make {} bytes as they are sent, and {} takes {} in a "
        "request; embed fewer or smaller ones",
        text::with_commas(sum_), who(provider_.name), text::with_commas(most));
  }

  static std::string who(const std::string& provider) {
    return fmt::format("the provider {}", provider);
  }

  const provider::Provider& provider_;
  const std::optional<provider::Model>& facts_;
  std::string_view model_;
  std::size_t pictures_ = 0;
  std::size_t sum_ = 0;  // bytes in the request's body
};

}  // namespace

Result<void> check_media(const provider::Provider& provider,
                         const std::optional<provider::Model>& facts, std::string_view model,
                         std::span<const document::Message> messages) {
  MediaCheck check(provider, facts, model);
  for (const Message& message : messages) {
    for (const Part& part : message.parts) {
      if (part.kind == Part::Kind::kText) continue;
      const std::string why = check.refuse(message, part);
      if (why.empty()) continue;
      const std::string_view kind = part.kind == Part::Kind::kPdf ? "PDF" : "picture";
      return tl::unexpected(
          Error{ErrorCode::kBadEmbed, fmt::format("The {} {} {} cannot be sent: {}.", kind,
                                                  name_of(part), place_of(message), why)});
    }
  }
  return {};
}

}  // namespace chatvim::wire
