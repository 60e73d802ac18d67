// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>

#include "embed/media.hpp"
#include "embed_support.hpp"
#include "property.hpp"

namespace chatvim::embed {
namespace {

using namespace testing::embed;
using std::string_view_literals::operator""sv;

const std::string kPng("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\1\2\0\0\0\3\x08\2\0\0\0\0\0\0\0rest"sv);
const std::string kGif("GIF89a\x0A\0\x14\0\x80\0\0rest"sv);
const std::string kJpeg(
    "\xFF\xD8\xFF\xE0\0\x06JFIF\xFF\xC4\0\x03\0\xFF\xFF\xC2\0\x11\x08\1\0\2\1\3\1\x22\0rest"sv);
const std::string kLossy(
    "RIFF\x30\0\0\0WEBPVP8 \x20\0\0\0\x10\2\0\x9D\1\x2A\x20\x40\x10\0restrest"sv);
const std::string kLossless("RIFF\x30\0\0\0WEBPVP8L\x20\0\0\0\x2F\x1F\xC0\x03\0restrestrest"sv);
const std::string kExtended("RIFF\x30\0\0\0WEBPVP8X\x0A\0\0\0\x10\0\0\0\xFF\0\0\x7F\0\0rest"sv);

std::string size_of(const std::string& bytes) {
  const Media media = sniff(bytes);
  return std::string(media.name) + " " + std::to_string(media.width) + "x" +
         std::to_string(media.height) + (media.broken ? " broken" : "");
}

}  // namespace

TEST_CASE("pictures are recognized by their bytes, with their size", "[embed]") {
  CHECK(size_of(kPng) == "png 258x3");
  CHECK(size_of(kGif) == "gif 10x20");
  CHECK(size_of(kJpeg) == "jpeg 513x256");
  CHECK(size_of(kLossy) == "webp 32x16");
  CHECK(size_of(kLossless) == "webp 32x16");
  CHECK(size_of(kExtended) == "webp 256x128");
  CHECK(sniff("%PDF-1.7\n").kind == Media::Kind::kPdf);
  CHECK(sniff("").kind == Media::Kind::kNone);
  CHECK(sniff("BMW is a car, and this is text").kind == Media::Kind::kNone);
  CHECK(sniff("BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"sv).name == "BMP");
  CHECK(sniff("II*\0rest"sv).name == "TIFF");
  CHECK(sniff("\0\0\0\x1C"
              "ftypavif"sv)
            .name == "AVIF");
}

TEST_CASE("headers that are cut off or broken", "[embed]") {
  for (const std::string& bytes : {kPng, kGif, kJpeg, kLossy, kLossless, kExtended}) {
    const Media whole = sniff(bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const Media media = sniff(std::string_view(bytes).substr(0, size));
      if (media.kind != Media::Kind::kPicture) continue;
      CHECK((media.broken || (media.width == whole.width && media.height == whole.height)));
    }
  }
  CHECK(testing::holds("any bytes behind a magic number", 2000, [] {
    const auto tail = *rc::gen::arbitrary<std::vector<unsigned char>>();
    const std::string start =
        *rc::gen::element<std::string>("", "\xFF\xD8\xFF", "GIF87a", "\x89PNG\r\n\x1A\n",
                                       "RIFF1234WEBP", "RIFF1234WEBPVP8L", "BM", "%PDF-");
    const Media media = sniff(start + std::string(tail.begin(), tail.end()));
    RC_ASSERT(media.width >= 0);
    RC_ASSERT(media.height >= 0);
  }));
}

TEST_CASE("pictures and PDFs become parts of a message", "[embed]") {
  const Folder folder;
  folder.write("a.png", kPng);
  folder.write("photo.txt", kJpeg);
  folder.write("doc.pdf", "%PDF-1.7\n\xFF\n");
  folder.write("t.txt", "T");
  const Expansion expansion =
      expand_text("Before\n\n![](a.png)\n![](photo.txt)\n\nbetween\n![](t.txt)\n![](doc.pdf)",
                  context_of(folder));
  const auto& parts = expansion.messages[0].parts;
  REQUIRE(parts.size() == 5);
  CHECK(parts[0].text == "Before");
  CHECK(parts[1].kind == Part::Kind::kPicture);
  CHECK(parts[1].text == "a.png");
  CHECK(parts[1].media_type == "image/png");
  CHECK(*parts[1].bytes == kPng);
  CHECK(parts[1].width == 258);
  CHECK(parts[1].height == 3);
  CHECK(parts[2].media_type == "image/jpeg");
  CHECK(parts[3].text == "between\nt.txt\n```\nT\n```");
  CHECK(parts[4].kind == Part::Kind::kPdf);
  CHECK(parts[4].media_type == "application/pdf");
  const Item& item = expansion.items[0];
  CHECK(item.kind == Item::Kind::kPicture);
  CHECK(item.bytes == kPng.size());
  CHECK(item.width == 258);
  CHECK(item.media_type == "image/png");
  CHECK(expansion.items[3].kind == Item::Kind::kPdf);
}

TEST_CASE("pictures of a wrong kind", "[embed]") {
  const Folder folder;
  folder.write("a.png", "this is text");
  folder.write("a.pdf", "this is text");
  folder.write("a.gif", "BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"sv);
  folder.write("cut.png", kPng.substr(0, 20));
  folder.write("about.md", "GIF89a and %PDF- are magic numbers");
  folder.write("pdf.md", "%PDF- begins a PDF");
  folder.write("a.svg", "<svg/>");
  folder.write("real.png", kPng);
  const Context context = context_of(folder);
  CHECK(reason_of("a.png", context) ==
        "its name ends in .png, but its bytes are no picture that models take");
  CHECK(reason_of("a.pdf", context) == "its name ends in .pdf, but its bytes are no PDF");
  CHECK(reason_of("a.gif", context) ==
        "it is a BMP picture, and models take png, jpeg, gif and webp");
  CHECK(reason_of("cut.png", context) ==
        "it begins like a png picture, but its header is broken or cut off");
  CHECK(reason_of("real.png#L1", context) == "only text files have lines: leave out the part");
  CHECK(text_of("about.md", context).find("GIF89a") != std::string::npos);
  CHECK(text_of("pdf.md", context).find("%PDF") != std::string::npos);
  CHECK(text_of("a.svg", context) == "a.svg\n```svg\n<svg/>\n```");
}

TEST_CASE("the error for a file that is too large names the limit", "[embed]") {
  const Folder folder;
  folder.write("a.txt", "text");
  fs::resize_file(folder.path("a.txt"), (32U << 20U) + 1);
  const std::string piece = std::string(1023, 'x') + "\n";
  std::string text;
  while (text.size() < (17U << 20U)) text += piece;
  folder.write("b.txt", text);
  folder.write("c.txt", text + text);
  folder.write("d.png", kPng + text + text.substr(0, 4U << 20U));
  const Context context = context_of(folder);
  CHECK(reason_of("a.txt", context) == "it is a binary file: byte 5 is a NUL");
  CHECK(reason_of("c.txt", context) == "it has 34 MiB, and a text file may have at most 32 MiB");
  CHECK(reason_of("d.png", context) == "it has 21.1 MiB, and a picture may have at most 20 MiB");
  const Expansion expansion =
      expand_text("![](b.txt)\n![](b.txt)\n![](b.txt)\n![](b.txt)", context);
  CHECK(!expansion.items[2].error);
  CHECK(expansion.items[3].reason ==
        "the chat embeds more than 64 MiB of text, the most for one request");
}

}  // namespace chatvim::embed
