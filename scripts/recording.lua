-- SPDX-License-Identifier: Apache-2.0
-- Prints an animated SVG that shows the screens in the given files one after the other; each file
-- is the output of `tmux capture-pane -e -p`. Run with `nvim -l`.

local WIDTH, HEIGHT, SIZE = 8.43, 18, 14
local FOREGROUND, BACKGROUND = "#e0e2ea", "#14161b"
--- Seconds per screen.
local SECONDS = 2

---@class recording.Style
---@field fg? string
---@field bg? string
---@field bold? boolean
---@field italic? boolean
---@field reverse? boolean

--- Reads the colour that follows code 38 or 48; with 'termguicolors' it always has the form
--- `2;R;G;B`.
---@param codes integer[]
---@param at integer
---@return string? colour
---@return integer last
local function colour(codes, at)
  if codes[at + 1] == 2 then
    return ("#%02x%02x%02x"):format(codes[at + 2], codes[at + 3], codes[at + 4]), at + 4
  end
  return nil, at + 2
end

--- Returns the style after a "select graphic rendition" sequence (ECMA-48, section 8.3.117).
---@param style recording.Style
---@param text string
---@return recording.Style
local function render(style, text)
  local codes = vim.tbl_map(tonumber, vim.split(text == "" and "0" or text, ";"))
  local new, at = vim.deepcopy(style), 1
  while at <= #codes do
    local code = codes[at]
    if code == 0 then
      new = {}
    elseif code == 1 then
      new.bold = true
    elseif code == 3 then
      new.italic = true
    elseif code == 7 then
      new.reverse = true
    elseif code == 38 then
      new.fg, at = colour(codes, at)
    elseif code == 48 then
      new.bg, at = colour(codes, at)
    elseif code == 39 then
      new.fg = nil
    elseif code == 49 then
      new.bg = nil
    end
    at = at + 1
  end
  return new
end

---@param text string
---@return string
local function escape(text)
  return (text:gsub("[&<>]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }))
end

--- Draws a run of text in a single style.
---@param out string[]
---@param row integer
---@param column integer
---@param text string
---@param style recording.Style
local function draw(out, row, column, text, style)
  local width = vim.fn.strdisplaywidth(text)
  local fg, bg = style.fg or FOREGROUND, style.bg
  if style.reverse then
    fg, bg = bg or BACKGROUND, fg
  end
  local x, y = column * WIDTH, row * HEIGHT
  if bg and bg ~= BACKGROUND then
    table.insert(
      out,
      ('<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>'):format(
        x,
        y,
        width * WIDTH,
        HEIGHT,
        bg
      )
    )
  end
  if text:find("%S") then
    table.insert(
      out,
      ('<text x="%.1f" y="%d" textLength="%.1f" fill="%s"%s%s>%s</text>'):format(
        x,
        y + SIZE,
        width * WIDTH,
        fg,
        style.bold and ' font-weight="bold"' or "",
        style.italic and ' font-style="italic"' or "",
        escape(text)
      )
    )
  end
end

--- Draws a screen; a style lasts across line ends.
---@param path string
---@return string[]
local function screen(path)
  local out, style = {}, {}
  for row, line in ipairs(vim.fn.readfile(path)) do
    local column = 0
    for text, codes in (line .. "\27[m"):gmatch("(.-)\27%[([%d;]*)m") do
      if text ~= "" then
        draw(out, row - 1, column, text, style)
        column = column + vim.fn.strdisplaywidth(text)
      end
      -- The sequence appended above only ends the line; it leaves the style unchanged.
      style = codes == "" and style or render(style, codes)
    end
  end
  return out
end

local frames = vim.tbl_map(screen, vim.list_slice(arg, 1))
local width, height = math.ceil(106 * WIDTH) + 16, 30 * HEIGHT + 16
local out = {
  '<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" '
    .. ('viewBox="-8 -8 %d %d" font-size="%d" '):format(width, height, SIZE)
    .. "font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\">",
  -- Without animation, or if the reader prefers reduced motion, only the last screen is shown.
  "<style>.frame { visibility: hidden } "
    .. ".frame:last-of-type { visibility: visible } @keyframes one "
    .. ("{ 0%% { visibility: visible } %g%%, 100%% { visibility: hidden } } "):format(100 / #frames)
    .. "@media (prefers-reduced-motion: no-preference) "
    .. ("{ .frame { animation: one %gs step-end infinite } }</style>"):format(SECONDS * #frames),
  ('<rect x="-8" y="-8" width="%d" height="%d" rx="6" fill="%s"/>'):format(
    width,
    height,
    BACKGROUND
  ),
}
for index, frame in ipairs(frames) do
  table.insert(
    out,
    -- A negative delay, so that the animation starts partway through.
    ('<g class="frame" style="animation-delay: %gs">'):format((index - 1 - #frames) * SECONDS)
  )
  vim.list_extend(out, frame)
  table.insert(out, "</g>")
end
table.insert(out, "</svg>")
io.write(table.concat(out, "\n"), "\n")
