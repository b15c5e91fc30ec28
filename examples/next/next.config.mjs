import { withColorshine } from 'colorshine/next';

export default withColorshine({ tokens: 'tokens.json' }, { output: 'export', images: { unoptimized: true } });
