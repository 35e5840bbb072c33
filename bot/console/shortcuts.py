"""Keys of the visit page that need a word to Python; the number keys live in `static/console.js`."""

ENTER = """(e) => {
  if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.keyCode === 229) return;
  e.preventDefault();
  const text = e.target.value;
  if (text.trim()) emit(text);
}"""
"""Enter sends and Shift+Enter breaks the line; an Enter that picks a Chinese candidate does neither."""
